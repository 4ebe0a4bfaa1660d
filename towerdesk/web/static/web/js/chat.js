// A chat's settings: the preview follows what is typed.
const form = document.querySelector("[data-chat-form]");

form?.addEventListener("input", () => {
  const given = Object.fromEntries(new FormData(form));
  window.Towerdesk?.look({ title: given.title, greeting: given.greeting, colour: given.colour, theme: given.theme, side: given.side, files: "files" in given });
});
