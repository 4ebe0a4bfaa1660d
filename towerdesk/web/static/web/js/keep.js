// What is being written outlives a reload, a wrong click and a lost connection, and on the server a closed browser.
const key = (field) => `keep:${field.dataset.keep}`;
const calm = 900; // milliseconds of rest before a draft is sent to the server
const timers = new WeakMap();

function restore(within = document) {
  for (const field of within.querySelectorAll("[data-keep]")) {
    const kept = sessionStorage.getItem(key(field));
    if (kept && !field.value.trim()) field.value = kept;
  }
}

async function save(field) {
  timers.delete(field);
  const body = new FormData();
  body.set("kind", field.dataset.kind);
  body.set("text", field.value);
  body.set("csrfmiddlewaretoken", field.form.elements.csrfmiddlewaretoken.value);
  const said = field.form.querySelector("[data-kept]");
  try {
    const answer = await fetch(field.dataset.draft, { method: "POST", body, keepalive: true, headers: { "HX-Request": "true" } });
    if (said) said.textContent = answer.ok ? (await answer.text()) && "Draft kept" : "The draft is kept in this browser only";
  } catch {
    if (said) said.textContent = "The draft is kept in this browser only";
  }
}

document.addEventListener("input", (event) => {
  const field = event.target.closest?.("[data-keep]");
  if (!field) return;
  sessionStorage.setItem(key(field), field.value);
  if (!field.dataset.draft) return;
  clearTimeout(timers.get(field));
  timers.set(field, setTimeout(save, calm, field));
});

document.addEventListener("submit", (event) => {
  for (const field of event.target.querySelectorAll?.("[data-keep]") ?? []) {
    sessionStorage.removeItem(key(field));
    clearTimeout(timers.get(field));
    timers.delete(field);
  }
});

function saveAll() {
  for (const field of document.querySelectorAll("[data-draft]")) {
    if (!timers.has(field)) continue;
    clearTimeout(timers.get(field));
    save(field);
  }
}

addEventListener("pagehide", saveAll);
document.addEventListener("htmx:beforeSwap", saveAll);
document.addEventListener("htmx:afterSettle", () => restore());
restore();
