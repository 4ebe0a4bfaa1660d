// Single keys. Each clicks a control that is there to be seen; all can be switched off (WCAG 2.1.4).
const off = () => document.body.dataset.keys === "off";
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
const seen = (element) => element.offsetParent !== null;

document.addEventListener("keydown", (event) => {
  if (event.repeat && !["j", "k"].includes(event.key.toLowerCase())) return; // held down: it was meant for the page before
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return send(event);
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") return leave(event);
  if (off() || typing(event.target) || document.querySelector("dialog[open], #draft .htmx-request")) return; // a field is on its way
  const does = { j: () => move(1), k: () => move(-1), "?": help }[event.key.toLowerCase()] ?? press(event.key.toLowerCase());
  if (does) {
    event.preventDefault();
    does();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-do=help]")) {
    document.querySelector("#me")?.hidePopover();
    help();
  }
});

function press(key) {
  const control = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(seen);
  const field = control?.matches("input") ? control : control?.matches("#draft [aria-current]") && document.querySelector("#draft textarea");
  return control && (() => (field ? into(field) : control.click()));
}

function into(field) {
  field.focus();
  if (field.matches("textarea")) field.setSelectionRange(field.value.length, field.value.length);
}

function move(step) {
  const links = [...document.querySelectorAll(".strip .subject a, .rows .subject a")].filter(seen);
  const now = links.findIndex((link) => link === document.activeElement || link.closest(".strip.here"));
  const next = links[now < 0 ? 0 : Math.min(links.length - 1, Math.max(0, now + step))];
  if (!next) return;
  if (document.body.dataset.page === "ticket") next.click();
  else next.focus();
}

function send(event) {
  const button = event.target.closest("form")?.querySelector("[data-send]");
  if (!button) return;
  event.preventDefault();
  button.click();
}

function leave(event) {
  if (document.querySelector("dialog[open], :popover-open")) return;
  if (typing(event.target)) event.target.blur();
  else if (document.body.dataset.page === "ticket" && !off()) location.assign("/");
}

function help() {
  document.querySelector("#keys")?.showModal();
}
