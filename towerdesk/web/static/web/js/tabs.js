// A row of tabs that is wider than the screen shows where one is.
for (const here of document.querySelectorAll(".views.pick [aria-current]")) {
  const row = here.parentElement;
  row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}
