// In a list: V chooses the ticket in focus, Shift and a click choose all between two.
const boxes = () => [...document.querySelectorAll(".rows .choice input")];
let last = null;

function tell() {
  const said = document.querySelector("[data-chosen]");
  const count = boxes().filter((box) => box.checked).length;
  if (said) said.textContent = count ? `${count} chosen` : "";
}

document.addEventListener("click", (event) => {
  const box = event.target.closest?.(".choice input");
  if (!box) return;
  const all = boxes();
  if (event.shiftKey && last) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
    all.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
  }
  last = box;
  tell();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "v" || event.ctrlKey || event.metaKey || event.altKey || document.body.dataset.keys === "off") return;
  const box = document.activeElement?.closest?.(".rows tr")?.querySelector(".choice input");
  if (!box || event.target.closest("input, textarea, select")) return;
  box.checked = !box.checked;
  tell();
});

tell();
