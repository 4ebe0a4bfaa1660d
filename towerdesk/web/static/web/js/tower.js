// Strips move between bays as tickets do, but never the one under the pointer or the focus.
import { tick } from "./clock.js";

const bays = () => [...document.querySelectorAll(".bay[data-bay]")];
const team = document.body.dataset.team;
const isTower = document.body.dataset.page === "tower";
const held = new Map(); // by ticket: what its strip becomes when the pointer and the focus have left it
const calm = 2_500; // milliseconds between two looks at the numbers, however much happens
const shown = new Map(); // by ticket: the question whose answer is shown, since answers may cross
let questions = 0;
let asking = 0;
let counting = 0;
let counted = 0;

export async function refresh(number) {
  const mine = ++questions;
  const answer = await fetch(`/strips/${number}${team ? `?team=${team}` : ""}`, { headers: { "HX-Request": "true" } });
  if (answer.status === 401) return location.reload();
  if (!answer.ok) return; // it can't say: what stands here stays
  const fresh = answer.status === 200 ? fragment(await answer.text()) : null;
  if (mine < (shown.get(number) ?? 0)) return;
  shown.set(number, mine);
  const old = document.getElementById(`strip-${number}`); // after all waiting: another answer may have replaced it
  if (old?.matches(":hover, :focus-within")) return held.set(`${number}`, fresh);
  held.delete(`${number}`); // an older one, whose strip was let go before we heard of it
  place(old, fresh);
}

function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

function place(old, fresh) {
  const home = fresh && bays().find((bay) => bay.dataset.bay === fresh.dataset.bay);
  const stays = old && home?.contains(old);
  if (!isTower && !old) return;
  old?.classList.contains("here") && fresh?.firstElementChild.classList.add("here");
  if (old?.querySelector(".strip.here")) fresh?.querySelector(".strip").classList.add("here");
  old?.remove();
  if (home) {
    if (!stays) fresh.firstElementChild.classList.add("arrives");
    const rows = [...home.querySelectorAll("ol > li")];
    const after = rows.find((row) => isBefore(fresh, row));
    home.querySelector("ol").insertBefore(fresh, after ?? null);
    tick(fresh);
  }
  bays().forEach(emptied);
}

// First due first, then by number, as the server sorts.
function isBefore(one, other) {
  const later = Number(other.dataset.order) - Number(one.dataset.order);
  return later > 0 || (later === 0 && Number(other.dataset.number) > Number(one.dataset.number));
}

function emptied(bay) {
  const sentence = bay.querySelector(".empty");
  if (sentence) sentence.hidden = bay.querySelector("ol > li") !== null;
}

function release(event) {
  const row = event.target.closest?.("li[data-number]");
  const number = row?.dataset.number;
  if (!row || !held.has(number) || row.contains(event.relatedTarget)) return;
  const fresh = held.get(number);
  held.delete(number);
  place(row, fresh);
}

async function board() {
  [counting, counted] = [0, Date.now()];
  const answer = await fetch(`/board${team ? `?team=${team}` : ""}`, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const { tally, bays: found } = await answer.json();
  for (const [name, count] of Object.entries(tally)) {
    const place = document.querySelector(`.tally .${name} b`);
    if (place) place.textContent = count;
  }
  for (const bay of bays()) {
    bay.querySelector("[data-count]").textContent = found[bay.dataset.bay];
    firstDue(bay);
  }
}

function firstDue(bay) {
  const says = bay.querySelector("[data-first]");
  const words = bay.querySelector(".strip .due[data-at]")?.textContent;
  if (!bay.querySelector(".strip")) says.textContent = "";
  else if (words?.endsWith(" late")) {
    const late = Object.assign(document.createElement("b"), { className: "is-late", textContent: words.replace(" late", " ago") });
    says.replaceChildren("first due ", late);
  } else if (words && bay.dataset.bay !== "others") {
    says.textContent = /^[A-Z]/.test(words) ? `first due ${words}` : `first due in ${words}`;
  }
}

if (bays().length) {
  document.addEventListener("pointerout", release);
  document.addEventListener("focusout", release);
  document.addEventListener("desk:much", () => isTower && !document.querySelector("dialog[open]") && location.reload());
  const waiting = new Set();
  document.addEventListener("desk:changed", ({ detail }) => {
    waiting.add(detail.ticket);
    asking ||= setTimeout(() => { // not put off by what comes meanwhile: on a busy desk something always does
      asking = 0;
      waiting.forEach((number) => refresh(number));
      waiting.clear();
      if (isTower && !counting) counting = setTimeout(board, Math.max(0, counted + calm - Date.now()));
    }, 150);
  });
}
