// The click in the mail was the answer. It is sent as soon as a person, not a mail scanner, is at the page. A browser
// without anybody before it says once that the pointer is somewhere, and scripts scroll: only a pointer that moves counts.
const form = document.querySelector("[data-rating]");
const signs = { pointermove: hasMoved, pointerdown: () => true, keydown: () => true, touchstart: () => true, wheel: () => true };
let place = null;
let sent = false;

function hasMoved(event) {
  const before = place;
  place = `${event.clientX} ${event.clientY}`;
  return before !== null && before !== place;
}

async function send(event) {
  if (sent || !event.isTrusted || !signs[event.type](event)) return;
  sent = true;
  Object.keys(signs).forEach((sign) => removeEventListener(sign, send));
  const answer = await fetch(location.pathname, { method: "POST", body: new FormData(form) });
  if (answer.ok) form.querySelector("[data-said]").textContent = form.dataset.rating;
}

if (form) Object.keys(signs).forEach((sign) => addEventListener(sign, send, { passive: true }));
