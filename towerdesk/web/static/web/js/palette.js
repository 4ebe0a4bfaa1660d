// Find or do, answered while one types. Without this the search form leads to the same answers as a page.
const palette = document.querySelector("dialog#find");
const input = palette?.querySelector("input");

function open(text = "") {
  if (!palette || palette.open) return;
  input.value = text;
  palette.showModal();
  input.focus();
  input.dispatchEvent(new Event("open"));
}

document.addEventListener("keydown", (event) => {
  const asked = (event.key === "k" && (event.ctrlKey || event.metaKey))
    || (event.key === "/" && !event.target.closest("input, textarea, select") && document.body.dataset.keys !== "off");
  if (!asked) return;
  event.preventDefault();
  open();
});

// Clicked or typed into, the field above every page opens it; Tab goes past it.
for (const kind of ["click", "input", "compositionend"]) {
  document.addEventListener(kind, ({ target, isComposing }) => {
    if (isComposing || target.name !== "q" || !target.closest("[data-opens-palette]")) return;
    const typed = target.value;
    target.value = "";
    open(typed);
  });
}

const options = () => [...palette.querySelectorAll("[role=option]")];
const chosen = () => options().find((option) => option.ariaSelected === "true");

palette?.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return palette.close(); // a search field would keep the first one for itself
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const all = options();
  if (step && all.length) {
    event.preventDefault();
    const next = (all.indexOf(chosen()) + step + all.length) % all.length;
    all.forEach((option, index) => { option.ariaSelected = String(index === next); });
    all[next].scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter" && chosen()) {
    event.preventDefault();
    chosen().click();
  }
});

palette?.addEventListener("click", (event) => {
  if (event.target === palette) palette.close();
});
