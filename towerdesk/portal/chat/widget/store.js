// What survives a page change and a reload: the token, and words that the desk has not said back yet. Each has a key of its own, so tabs do not overwrite each other.
const address = new URL(script.src);
const base = address.href.replace(/\.js.*$/, "");
const room = `towerdesk:${base.split("/").pop()}`;
const memory = new Map();
const OLD = 24 * 3600 * 1000; // milliseconds

const store = {
  get(name) {
    try { return JSON.parse(localStorage.getItem(`${room}:${name}`)); } catch { return memory.get(name) ?? null; }
  },
  set(name, value) {
    memory.set(name, value);
    try { localStorage.setItem(`${room}:${name}`, JSON.stringify(value)); } catch { /* blocked or full: this page remembers */ }
  },
  drop(name) {
    memory.delete(name);
    try { localStorage.removeItem(`${room}:${name}`); } catch { /* blocked */ }
  },
  begun(prefix) {
    let names = [...memory.keys()];
    try { names = [...names, ...Object.keys(localStorage).filter((one) => one.startsWith(`${room}:`)).map((one) => one.slice(room.length + 1))]; } catch { /* blocked */ }
    return [...new Set(names)].filter((one) => one.startsWith(prefix));
  },
};

const newId = () => (crypto.randomUUID ? crypto.randomUUID() : [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join(""));
const waiting = () => store.begun("out:").map((name) => store.get(name)).filter((one) => one && Date.now() - Date.parse(one.at) < OLD).sort((a, b) => (a.at < b.at ? -1 : 1));
