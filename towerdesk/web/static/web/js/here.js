// Two people in one ticket see each other. This page says that somebody is here, and shows who else is.
const number = Number(document.body.dataset.ticket);
const beat = 20_000; // milliseconds; the server forgets after 50 seconds
let wasWriting = "";

const token = () => document.querySelector("#doing [name=csrfmiddlewaretoken]")?.value ?? "";
const field = () => document.querySelector("#draft textarea");
const isBusy = () => field() && (field() === document.activeElement || field().value.trim() !== field().defaultValue.trim());
const writing = () => (isBusy() ? field().dataset.kind ?? "" : ""); // a note is nothing that a visitor sees typed

function post(extra = {}) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", token());
  for (const [name, value] of Object.entries(extra)) body.set(name, value);
  return fetch(`/tickets/${number}/here`, { method: "POST", body, keepalive: true, headers: { "HX-Request": "true" } });
}

async function sayHere() {
  if (document.hidden) return;
  wasWriting = writing();
  const answer = await post({ writing: wasWriting }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("here");
  const old = document.getElementById("here");
  if (fresh && old && fresh.innerHTML !== old.innerHTML) old.replaceWith(fresh);
}

if (number && token()) {
  sayHere();
  setInterval(sayHere, beat);
  for (const change of ["focusin", "focusout", "input"]) {
    document.addEventListener(change, () => setTimeout(() => writing() !== wasWriting && sayHere(), 150));
  }
  document.addEventListener("visibilitychange", () => (document.hidden ? post({ gone: "1" }) : sayHere()));
  document.addEventListener("desk:here", ({ detail }) => detail.ticket === number && sayHere());
  addEventListener("pagehide", () => post({ gone: "1" }));
}
