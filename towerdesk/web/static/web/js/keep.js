// What is being written outlives a reload, a wrong click and a lost connection.
const key = (field) => `keep:${field.dataset.keep}`;

function restore(within = document) {
  for (const field of within.querySelectorAll("[data-keep]")) {
    const kept = sessionStorage.getItem(key(field));
    if (kept && !field.value.trim()) field.value = kept;
  }
}

document.addEventListener("input", (event) => {
  const field = event.target.closest?.("[data-keep]");
  if (field) sessionStorage.setItem(key(field), field.value);
});

document.addEventListener("submit", (event) => {
  for (const field of event.target.querySelectorAll?.("[data-keep]") ?? []) sessionStorage.removeItem(key(field));
});

document.addEventListener("htmx:afterSettle", () => restore());
restore();
