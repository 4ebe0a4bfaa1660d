// The open ticket grows by what happens on it; what is being written is left alone.
import { say } from "./toast.js";

const number = Number(document.body.dataset.ticket);
const log = () => document.querySelector("#log .log");
let asking = 0;
let questions = 0;
let shown = 0;

const turnedTo = () => document.getElementById("draft")?.dataset.turned ?? ""; // reply, note, edit, reject: by hand, not in the address
const isTurning = () => document.querySelector("#draft .htmx-request") !== null;

async function refresh() {
  asking = 0;
  const mine = ++questions;
  const asked = turnedTo();
  const search = new URLSearchParams(location.search);
  if (asked) search.set("write", asked);
  const answer = await fetch(`/tickets/${number}?${search}`, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const said = await answer.text();
  if (mine < shown) return; // a later question was answered before
  shown = mine;
  const fresh = new DOMParser().parseFromString(said, "text/html");
  const arrived = mergeLog(fresh);
  for (const id of ["head", "panel"]) swap(id, fresh);
  const wasWriting = isWriting();
  if (isTurning() || turnedTo() !== asked) soon(); // what was turned to meanwhile has the last word
  else if (!wasWriting) swap("draft", fresh);
  if (arrived && wasWriting) say("Something new came in above: read it before you send.");
}

function mergeLog(fresh) {
  let arrived = false;
  for (const row of fresh.querySelectorAll("#log .log > li")) {
    const old = row.id ? document.getElementById(row.id) : null;
    if (!row.id && !dayIsThere(row)) log().append(row);
    else if (row.id && !old) {
      row.classList.add("arrives");
      log().append(row);
      arrived ||= row.querySelector(".sheet.theirs") !== null;
    } else if (old && fate(old) !== fate(row)) old.replaceWith(row);
  }
  return arrived;
}

const fate = (row) => row.querySelector(".fate")?.textContent ?? "";
const dayIsThere = (row) => [...log().querySelectorAll("li.day, li.older")].some((one) => one.textContent === row.textContent);

function swap(id, fresh) {
  const [old, replacement] = [document.getElementById(id), fresh.getElementById(id)];
  if (!old || !replacement || old.contains(document.activeElement) || old.innerHTML === replacement.innerHTML) return;
  old.replaceWith(replacement);
  window.htmx?.process(replacement);
}

function isWriting() {
  const field = document.querySelector("#draft textarea, #draft input:not([type=hidden])");
  if (document.querySelector("#draft .refused")) return true; // its words stand nowhere else yet
  return Boolean(field && (field.value.trim() !== field.defaultValue.trim() || field === document.activeElement));
}

function soon() {
  asking ||= setTimeout(refresh, 200);
}

if (number) {
  document.addEventListener("desk:changed", ({ detail }) => detail.ticket === number && soon());
  document.addEventListener("desk:much", soon);
}
