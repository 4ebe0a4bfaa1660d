// The conversation as this page knows it: what the desk has said, by key, and what is still on its way there.
const items = new Map();
const files = new Map(); // of messages on their way; a reload can't keep them
let state = { step: "new", people: [], open: true, opens: "" };
let draw = () => {};
let isSending = false;

function hearItems(fresh) {
  for (const item of fresh) {
    items.set(item.key, item);
    if (item.id) { store.drop(`out:${item.id}`); files.delete(item.id); }
  }
  draw();
  acknowledge();
}
function hearState(fresh) { state = fresh; draw(); }

const told = { read: new Set(), delivered: new Set() };
let isShown = () => false;
function acknowledge() {
  const how = isShown() ? "read" : "delivered";
  const numbers = [...items.values()].filter((item) => item.number && !item.mine && !item.read && !told[how].has(item.number)).map((item) => item.number).slice(-100);
  if (!numbers.length || !store.get("token")) return;
  for (const number of numbers) told[how].add(number);
  call("seen", { numbers, read: how === "read" }, { keepalive: true }).catch(() => numbers.forEach((number) => told[how].delete(number)));
}
const unread = () => [...items.values()].filter((item) => item.number && !item.mine && !item.read && !told.read.has(item.number)).length;

function newest() { return [...items.values()].sort((a, b) => (a.at === b.at ? (a.number || 0) - (b.number || 0) : a.at < b.at ? -1 : 1)); }

function post(text, chosen) {
  const out = { id: newId(), text, at: new Date().toISOString(), names: chosen.map((file) => file.name) };
  store.set(`out:${out.id}`, out);
  if (chosen.length) files.set(out.id, chosen);
  draw();
  return sendAll();
}

// In the order in which they were written; what the desk has kept is not sent again, what it has not is, until it has.
async function sendAll() {
  if (isSending) return;
  isSending = true;
  try {
    let tries = 0;
    for (let out; (out = waiting().find((one) => !one.kept && !one.wrong)); ) {
      const sent = await sendOne(out);
      tries = sent ? 0 : tries + 1;
      draw();
      if (!sent) await Promise.race([pause(sent === 0 ? 200 : Math.min(800 * 1.6 ** tries, 15_000)), new Promise((resolve) => addEventListener("online", resolve, { once: true }))]);
    }
  } finally { isSending = false; }
}

async function sendOne(out) {
  try {
    if (!store.get("token")) await begin();
    const form = new FormData();
    form.set("id", out.id);
    form.set("text", out.text);
    for (const file of files.get(out.id) || []) form.append("files", file);
    await call("messages", form);
    if (store.get(`out:${out.id}`)) store.set(`out:${out.id}`, { ...out, kept: true });
    return true;
  } catch (error) {
    if (error.status === 401 || (error.status === 403 && store.get("token"))) { forget(); return 0; }
    if (error.status === 429) { await pause(error.after || 3000); return 0; }
    if (error.status >= 400 && error.status < 500) { store.set(`out:${out.id}`, { ...out, wrong: error.message }); return true; }
    return false;
  }
}

// Two tabs may begin at the same moment: the first one's chat is taken.
async function begin() {
  const said = await call("start", { ...host(), ...store.get("who") });
  if (!store.get("token")) { store.set("token", said.token); items.clear(); last = 0; }
  listen(on, everything);
}
function forget() { store.drop("token"); items.clear(); last = 0; }

const everything = () => ({ items: [...items.values()], state });
const on = { items: hearItems, state: hearState, lost: (is) => { if (isLost !== is) { isLost = is; draw(); } }, gone: () => { forget(); draw(); } };
let isLost = false;

// The page's address and title and the host's own data go along only when the host says that the visitor agrees.
let consent = "consent" in script.dataset && script.dataset.consent !== "no";
let given = {};
try { given = JSON.parse(document.getElementById("towerdesk-visitor")?.textContent || "{}"); } catch { /* the host's JSON is broken: a stranger then */ }
const host = () => ({
  language, ...(given.identity ? { identity: given.identity } : {}),
  ...(consent ? { page: { address: location.href.split("#")[0], title: document.title }, data: given.data || {} } : {}),
});
const tellHost = () => store.get("token") && call("about", host()).catch(() => {});
