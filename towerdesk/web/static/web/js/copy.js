// What is to be pasted elsewhere is copied by the button beside it: `data-copy` names its id, else it is the one marked `data-copied`.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const words = button.textContent;
  const source = button.dataset.copy ? document.getElementById(button.dataset.copy) : button.parentElement.querySelector("[data-copied]");
  source.select?.();
  await navigator.clipboard?.writeText(source.value ?? source.textContent).catch(() => document.execCommand("copy"));
  button.textContent = "Copied";
  for (const said of document.querySelectorAll("[data-copy-said]")) said.textContent = "Copied.";
  setTimeout(() => { button.textContent = words; }, 1500);
});
