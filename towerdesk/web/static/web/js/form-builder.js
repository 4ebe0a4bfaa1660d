// Building a form: asks are moved by drag or by their arrows, conditions are chosen instead of typed, and the preview follows.
// Without this file the numbers are the order and conditions are typed, with the same names.
import { showAsks } from "./asks.js";

const form = document.querySelector("[data-builder]");
const list = form.querySelector("[data-ask-rows]");
const preview = document.querySelector("[data-preview-here]");
const ways = JSON.parse(document.querySelector("#ways").textContent);
const says = JSON.parse(document.querySelector("#says").textContent);
const rows = () => [...list.querySelectorAll("[data-row]")];
const asked = () => rows().filter((row) => !("off" in row.dataset));
const nameOf = (row) => row.querySelector(".who").textContent;
const part = (row, end) => row.querySelector(`[name$=".${end}"]`);

// --- the order
function number() {
  asked().forEach((row, at) => { part(row, "place").value = at + 1; });
  rows().filter((row) => "off" in row.dataset).forEach((row) => { part(row, "place").value = ""; });
  rows().forEach((row) => row.querySelectorAll("[data-when]").forEach(tend));
  follow();
}

function move(row, by) {
  const all = asked();
  const to = all.indexOf(row) + by;
  if (to < 0 || to >= all.length) return;
  if (by < 0) all[to].before(row);
  else all[to].after(row);
  form.querySelector("[data-moved]").textContent = `${nameOf(row)} is number ${to + 1} now.`;
  number();
}

function ask(row, on) {
  if (on) {
    delete row.dataset.off;
    const last = asked().filter((one) => one !== row).at(-1);
    if (last) last.after(row);
    else list.prepend(row);
  } else {
    row.dataset.off = "";
    list.append(row);
  }
  form.querySelector("[data-moved]").textContent = `${nameOf(row)} is ${on ? "asked" : "not asked any more"}.`;
  number();
}

let dragged = null;
list.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("[data-row]");
  dragged.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setDragImage(dragged, 12, 12);
});
list.addEventListener("dragover", (event) => {
  if (!dragged) return;
  event.preventDefault();
  const below = asked().find((row) => row !== dragged && event.clientY < row.getBoundingClientRect().top + row.offsetHeight / 2);
  if (below) below.before(dragged);
  else asked().filter((row) => row !== dragged).at(-1)?.after(dragged);
});
list.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  number();
});

// --- conditions
function tend(when) {
  const row = when.closest("[data-row]");
  const [on, how] = when.querySelectorAll("select");
  const typed = when.querySelector("input[name]");
  const before = new Set(asked().slice(0, Math.max(0, asked().indexOf(row))).map((one) => one.dataset.row));
  for (const option of on.options) option.hidden = option.value !== "" && !before.has(option.value) && !option.selected;
  const way = ways[on.value];
  for (const option of how.options) option.hidden = option.disabled = Boolean(way) && !way.says.includes(option.value);
  if (way && how.selectedOptions[0]?.disabled) how.value = way.says[0];
  const counts = Boolean(way) && !["filled", "empty"].includes(how.value);
  how.hidden = !way;
  typed.hidden = !counts || way.choices.length > 0;
  if (!counts) typed.value = "";
  choices(when, typed, counts ? way.choices : []);
  tell(row);
}

function choices(when, typed, all) {
  const here = all.map(([key]) => key).join();
  let box = when.querySelector(".choices");
  if (box?.dataset.of === here) return;
  box?.remove();
  if (!all.length) return;
  const chosen = new Set(typed.value.split(",").map((one) => one.trim()));
  const good = all.filter(([key, name]) => chosen.has(key) || chosen.has(name)).map(([key]) => key);
  typed.value = good.join(", ");
  box = document.createElement("span");
  box.className = "choices tight";
  box.dataset.of = here;
  for (const [key, name] of all) {
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), { type: "checkbox", value: key, checked: good.includes(key) });
    label.className = "check";
    label.append(input, name);
    box.append(label);
  }
  box.addEventListener("change", () => { typed.value = [...box.querySelectorAll(":checked")].map((one) => one.value).join(", "); });
  when.append(box);
}

function tell(row) {
  const told = [...row.querySelectorAll("[data-when]")].map((when) => {
    const [on, how] = when.querySelectorAll("select");
    if (!on.value) return "";
    const named = Object.fromEntries(ways[on.value]?.choices ?? []);
    const values = when.querySelector("input[name]").value.split(",").map((one) => one.trim()).filter(Boolean).map((one) => named[one] ?? one);
    return [`“${on.selectedOptions[0].textContent}”`, says[how.value], values.join(" or ")].filter(Boolean).join(" ");
  }).filter(Boolean);
  row.querySelector("[data-told]").textContent = told.length ? `Asked when ${told.join(", and ")}` : "Always asked";
}

// One more row is offered as soon as the last one says something.
function offer(row) {
  const all = [...row.querySelectorAll("[data-when]")];
  if (all.length >= 5 || !all.at(-1).querySelector("select").value) return;
  const more = all.at(-1).cloneNode(true);
  more.querySelector(".choices")?.remove();
  for (const input of more.querySelectorAll("[name]")) {
    input.name = input.name.replace(/\.when\.\d+\./, `.when.${all.length}.`);
    input.value = input.tagName === "SELECT" && input.name.endsWith(".says") ? "any_of" : "";
  }
  more.querySelector("option[value='']").textContent = "and no more";
  all.at(-1).after(more);
  tend(more);
}

// --- the preview
let waiting;
function follow() {
  clearTimeout(waiting);
  waiting = setTimeout(draw, 350);
}

async function draw() {
  const said = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
  if (!said.ok) return;
  preview.innerHTML = await said.text();
  showPreview();
}

function showPreview() {
  const rules = preview.querySelector("#preview-rules");
  if (rules) showAsks(preview, JSON.parse(rules.textContent));
}

form.addEventListener("click", (event) => {
  const row = event.target.closest("[data-row]");
  const step = event.target.closest("[data-move]");
  if (step) { move(row, Number(step.dataset.move)); step.focus(); }
  if (event.target.closest("[data-ask-it]")) { ask(row, true); row.querySelector("[data-leave-out]").focus(); }
  if (event.target.closest("[data-leave-out]")) { ask(row, false); row.querySelector("[data-ask-it]").focus(); }
});
form.addEventListener("input", (event) => {
  const when = event.target.closest("[data-when]");
  if (when) { setTimeout(() => { tend(when); offer(when.closest("[data-row]")); }); }
  follow();
});
preview.addEventListener("submit", (event) => event.preventDefault());
preview.addEventListener("input", showPreview);

form.dataset.scripted = "";
preview.dataset.scripted = "";
rows().forEach((row) => row.querySelectorAll("[data-when]").forEach(tend));
showPreview();
