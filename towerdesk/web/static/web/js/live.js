// One stream for all tabs of a browser: the tab that holds the lock listens and tells the others.
const channel = new BroadcastChannel("towerdesk-live");
const state = document.querySelector("[data-live-state]");
const me = document.body.dataset.me;

const passes = (kind) => kind === "presence" || kind.startsWith("told:") || kind.startsWith("chat:"); // in no log

function changed(detail) {
  const heard = detail.kind === "presence" || /^chat:\d/.test(detail.kind) ? "desk:here" : detail.kind.startsWith("told:") ? "desk:told" : "desk:changed";
  document.dispatchEvent(new CustomEvent(heard, { detail }));
}

function show(words) {
  if (state) state.textContent = words;
}

function listen() {
  return new Promise((resolve) => {
    const source = new EventSource(`/live?drawn=${document.body.dataset.drawn}`);
    source.onopen = () => pass({ state: "" });
    source.onmessage = (event) => pass({ change: JSON.parse(event.data) });
    source.onerror = () => {
      pass({ state: "Not live at the moment" });
      if (source.readyState === EventSource.CLOSED) resolve();
    };
    addEventListener("pagehide", () => { source.close(); resolve(); }, { once: true });
  });
}

// The last changes, for a tab that was being loaded while they came.
const lately = [];

function pass(message) {
  if (message.change && !passes(message.change.kind)) lately.push({ ...message, at: Date.now() });
  if (lately.length > 100) lately.shift();
  channel.postMessage(message);
  hear(message);
}

function hear({ change, state: words }) {
  if (change) changed(change);
  else show(words);
}

channel.onmessage = ({ data }) => {
  if (!data.loaded) return hear(data);
  for (const { at, change } of lately) if (at > data.loaded - 2_000) channel.postMessage({ change });
};
channel.postMessage({ loaded: performance.timeOrigin });
if (me && !document.body.classList.contains("entrance")) {
  if (navigator.locks) navigator.locks.request("towerdesk-live", listen);
  else listen();
}
