// Countdowns go on by themselves, in the words that the server uses.
const minute = 60_000;

export function span(left) {
  const minutes = Math.floor(left / minute);
  if (minutes < 1) return "under 1 m";
  if (minutes < 60) return `${minutes} m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 10) return `${hours} h ${String(minutes % 60).padStart(2, "0")} m`;
  if (hours < 24) return `${hours} h`;
  return hours < 48 ? "1 day" : `${Math.floor(hours / 24)} days`;
}

export function tick(within = document) {
  const now = Date.now();
  for (const due of within.querySelectorAll(".due[data-at]")) {
    const left = Date.parse(due.dataset.at) - now;
    const strip = due.closest(".strip");
    if (left < 0) write(due, `${span(-left)} late`, strip, "late");
    else if (left < 240 * minute) write(due, span(left), strip, left < 30 * minute ? "soon" : "");
  }
}

function write(due, words, strip, time) {
  if (due.textContent !== words) due.textContent = words;
  if (!strip || (strip.dataset.due ?? "") === time) return;
  if (!["ask", "ai"].includes(strip.dataset.signal)) strip.dataset.signal = time;
  strip.dataset.due = time;
}

function countdown() {
  for (const fate of document.querySelectorAll("[data-leaves]")) {
    const left = Math.ceil((Date.parse(fate.dataset.leaves) - Date.now()) / 1000);
    if (left > 0 && left < 60) fate.textContent = `leaves in ${left} s`;
    else if (left <= 0) fate.textContent = "is on its way";
  }
}

setInterval(tick, 15_000);
setInterval(countdown, 1_000);
