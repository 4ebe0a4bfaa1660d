// A link marked data-dialog opens its page in a dialog instead.
const dialog = document.createElement("dialog");
dialog.className = "sheet-dialog";
document.body.append(dialog);

document.addEventListener("click", async (event) => {
  if (event.target === dialog) dialog.close();
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return location.assign(link.href);
  dialog.innerHTML = await answer.text();
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[autofocus], input:not([type=hidden]), select")?.focus();
});

dialog.addEventListener("input", (event) => {
  if (!event.target.matches("[data-narrow]")) return;
  const words = event.target.value.toLowerCase().split(/\s+/);
  for (const row of event.target.closest("[data-choose]").querySelectorAll("li")) {
    row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
  }
});

dialog.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("[data-narrow]")) return;
  event.preventDefault();
  event.target.closest("[data-choose]").querySelector("li:not([hidden]) button")?.click();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});
