// A form that customers fill in: asks that come and go, answers while one types, a little work before it is sent, and its height
// for whoever frames it. Without any of this the page works as well.
import { showAsks } from "./asks.js";

const form = document.querySelector("[data-form]");
const rules = JSON.parse(document.querySelector("#rules")?.textContent ?? "[]");

// --- answers while one types
let waiting;
let asked = "";

async function lookForAnswers(question) {
  const typed = question.value.trim();
  const place = form.querySelector("[data-may]");
  if (!place || typed === asked || place.contains(document.activeElement)) return;
  asked = typed;
  const found = typed.length < 12 ? "" : await fetch(`${form.dataset.answers}?q=${encodeURIComponent(typed)}`).then((said) => (said.ok ? said.text() : ""), () => "");
  if (typed === asked) place.innerHTML = found.trim();
}

async function solved(slug) {
  const said = new URLSearchParams({ slug, page: form.elements.page.value });
  await fetch(`/help/ask/${form.dataset.form}/answered`, { method: "POST", body: said });
  swap(true);
}

function swap(glad) {
  const [asking, thanks] = [document.querySelector("[data-asking]"), document.querySelector("[data-glad]")];
  [asking.hidden, thanks.hidden] = [glad, !glad];
  (glad ? thanks : form.elements.text).focus();
}

// --- the work
let proof;

function work() {
  proof ??= new Promise((done) => {
    const worker = new Worker(form.dataset.work);
    worker.onmessage = ({ data }) => { form.elements.proof.value = data; worker.terminate(); done(); };
    worker.onerror = () => done();
    worker.postMessage({ key: form.elements.page.value.split(".")[1], bits: Number(form.dataset.bits) });
  });
  return proof;
}

// --- what is wrong is said beside its field before anything is sent
function wrongFiles() {
  const box = form.querySelector("[data-files]");
  const files = [...(form.elements.files?.files ?? [])];
  const kept = form.querySelectorAll("[name=kept]:checked").length;
  const large = files.find((file) => file.size > Number(box?.dataset.megabytes) * 2 ** 20);
  const say = (text, name) => text.replace("{most}", box.dataset.most).replace("{megabytes}", box.dataset.megabytes).replace("{name}", name ?? "");
  if (large) return say(box.dataset.tooLarge, large.name);
  return files.length && files.length + kept > Number(box.dataset.most) ? say(box.dataset.tooMany) : "";
}

async function send(event) {
  const wrong = wrongFiles();
  if (wrong) {
    event.preventDefault();
    form.querySelector("#w-files").textContent = wrong;
    form.elements.files.focus();
    return;
  }
  if (form.elements.proof.value) return;
  event.preventDefault();
  form.querySelector("[data-said]").textContent = form.dataset.sending;
  await work();
  form.submit();
}

// --- in another site's frame: how high the page is, and the page around it if its owner lets it be told
function tellHeight() {
  const tell = () => parent.postMessage({ towerdesk: "height", height: Math.ceil(document.querySelector("main").getBoundingClientRect().height) + 8 }, "*");
  new ResizeObserver(tell).observe(document.querySelector("main"));
  tell();
}

function readContext() {
  const said = new URLSearchParams(location.hash.slice(1));
  for (const name of ["page_address", "page_title"]) if (said.has(name)) form.elements[name].value = said.get(name);
}

document.documentElement.dataset.scripted = "";
if (form) {
  readContext();
  showAsks(form, rules);
  form.querySelector("[data-refused]")?.focus();
  form.addEventListener("input", (event) => {
    showAsks(form, rules);
    work();
    if (event.target.matches("[data-question]") && form.dataset.answers) {
      clearTimeout(waiting);
      waiting = setTimeout(lookForAnswers, 400, event.target);
    }
  });
  form.addEventListener("submit", send);
  form.addEventListener("click", (event) => {
    const slug = event.target.closest("[data-solved]")?.dataset.solved;
    if (slug) solved(slug);
  });
  document.querySelector("[data-still]")?.addEventListener("click", () => swap(false));
}
if (parent !== window) tellHeight();
