// A chat's settings: the preview follows what is typed, and what is to be pasted elsewhere is copied by a button.
const form = document.querySelector("[data-chat-form]");

form?.addEventListener("input", () => {
  const given = Object.fromEntries(new FormData(form));
  window.Towerdesk?.look({ title: given.title, greeting: given.greeting, colour: given.colour, theme: given.theme, side: given.side, files: "files" in given });
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const words = button.textContent;
  await navigator.clipboard?.writeText(document.getElementById(button.dataset.copy).textContent);
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = words; }, 1500);
});
