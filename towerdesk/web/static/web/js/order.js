// Rules are dragged into their order; the arrows beside them do the same by keyboard and without this.
const list = document.querySelector("[data-order-list]");
const rows = () => [...list.querySelectorAll("[data-move]")];
let dragged = null;

function target(y) {
  return rows().find((row) => row !== dragged && y < row.getBoundingClientRect().top + row.offsetHeight / 2);
}

if (list) {
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-move]");
    dragged?.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
  });
  list.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    list.querySelector("tbody").insertBefore(dragged, target(event.clientY) ?? null);
  });
  list.addEventListener("dragend", async () => {
    const [row, place] = [dragged, rows().indexOf(dragged) + 1];
    dragged = null;
    row.classList.remove("dragged");
    if (Number(row.dataset.place) === place) return;
    const said = new FormData(document.querySelector("#doing"));
    said.set("place", place);
    await fetch(row.dataset.move, { method: "POST", body: said });
    location.reload();
  });
}
