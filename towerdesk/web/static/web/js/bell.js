// The bell's number, and the list behind it while it is open, follow what I am told.
const me = document.body.dataset.me;
const bell = document.querySelector("[data-unread]");
const list = document.getElementById("news");
let asking = 0;

async function count() {
  const answer = await fetch("/notifications/count", { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const { unread } = await answer.json();
  bell.textContent = unread > 99 ? "99+" : unread;
  bell.hidden = !unread;
}

async function relist() {
  if (list.matches(":hover, :focus-within") || location.search) return;
  const answer = await fetch("/notifications");
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("news");
  if (fresh) list.replaceChildren(...fresh.childNodes);
}

if (bell) {
  count();
  document.addEventListener("desk:told", ({ detail }) => {
    if (!detail.kind.slice(5).split(",").includes(me)) return;
    clearTimeout(asking);
    asking = setTimeout(() => { count(); if (list) relist(); }, 300);
  });
}
