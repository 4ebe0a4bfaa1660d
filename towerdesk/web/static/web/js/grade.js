// The grading queue without waiting: the next decision is on the page already and shows the moment a grade is given.
const page = document.querySelector("#grading");
let since = Date.now();

page?.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.closest("[data-now]")) return;
  event.preventDefault();
  const next = page.querySelector("[data-next]");
  const data = new FormData(form, event.submitter);
  const ahead = next?.content.querySelector("[data-run]")?.dataset.run;
  data.set("seconds", ((Date.now() - since) / 1000).toFixed(1));
  data.set("ahead", ahead || "none");
  show(next, form.closest("[data-run]").dataset.run);
  const answer = await fetch(form.action, { method: "POST", body: data, headers: { "Sec-Fetch-Mode": "cors" } });
  if (!answer.ok) return location.assign("/grade");
  const html = await answer.text();
  if (next) next.innerHTML = html;
  else page.querySelector("[data-now]").innerHTML = html;
  since = Date.now();
});

function show(next, graded) {
  const now = page.querySelector("[data-now]");
  if (next?.content.childElementCount) now.replaceChildren(next.content.cloneNode(true));
  for (const button of next ? [] : now.querySelectorAll("button")) button.disabled = true;
  if (next) next.innerHTML = "";
  const back = page.querySelector("[data-back]");
  back.hidden = false;
  back.action = `/grade/${graded}/undo`;
  count("[data-done]", 1);
  count("[data-left]", -1);
  since = Date.now();
}

function count(where, by) {
  const told = page.querySelector(where);
  told.textContent = Math.max(0, Number(told.textContent) + by);
}
