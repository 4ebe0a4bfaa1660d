// Writing a procedure: lines are numbered, those with a fault are marked, and a fault or a box of the picture leads to its line.
// Without this file it is a plain field beside what was wrong when the page was drawn.
const field = document.querySelector("[data-numbered]");
const gutter = field.parentElement.querySelector("[data-gutter]");
const shown = document.querySelector("#preview");

function number() {
  const faulty = new Set([...shown.querySelectorAll("[data-fault]")].map((one) => Number(one.dataset.fault)));
  const count = field.value.split("\n").length;
  gutter.replaceChildren(...Array.from({ length: count }, (_, at) => {
    const line = document.createElement("i");
    line.textContent = at + 1;
    if (faulty.has(at + 1)) line.className = "wrong";
    return line;
  }));
  gutter.scrollTop = field.scrollTop;
}

function show(line) {
  const lines = field.value.split("\n");
  const begin = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  field.focus();
  field.setSelectionRange(begin, begin + (lines[line - 1] ?? "").length);
  field.scrollTop = (line - 4) * parseFloat(getComputedStyle(field).lineHeight);
}

shown.addEventListener("click", (event) => {
  const place = event.target.closest("[data-line]");
  if (!place) return;
  event.preventDefault();
  show(Number(place.dataset.line));
});
field.addEventListener("input", number);
field.addEventListener("scroll", () => { gutter.scrollTop = field.scrollTop; });
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
  const before = field.value.slice(0, field.selectionStart).split("\n").at(-1);
  const [begin] = before.match(/^\s*(- )?/);
  if (!begin || before.trim() === "-") return;
  event.preventDefault();
  field.setRangeText(`\n${begin}`, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("htmx:afterSwap", number);
field.closest("[data-sheet]").dataset.scripted = "";
number();
