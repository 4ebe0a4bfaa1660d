// One stream for all tabs of a browser: the tab that holds the lock listens and tells the others.
const channel = new BroadcastChannel("towerdesk-live");
const state = document.querySelector("[data-live-state]");
const me = document.body.dataset.me;

const passes = (kind) => kind === "presence" || kind === "much" || kind.startsWith("told:") || kind.startsWith("chat:"); // in no log

function changed(detail) {
  if (detail.kind === "much") return document.dispatchEvent(new CustomEvent("desk:much"));
  const heard = detail.kind === "presence" || /^chat:\d/.test(detail.kind) ? "desk:here" : detail.kind.startsWith("told:") ? "desk:told" : "desk:changed";
  document.dispatchEvent(new CustomEvent(heard, { detail }));
}

function show(words) {
  if (state) state.textContent = words;
}

const [soon, late] = [3_000, 60_000]; // milliseconds until a server that said no is asked again
let pause = soon;
let last = "";
let gone = false;
let keeps = false;

function listen() {
  return new Promise((resolve) => {
    const source = new EventSource(`/live?drawn=${document.body.dataset.drawn}${last && `&after=${last}`}`);
    source.onopen = () => {
      pause = soon;
      pass({ state: "" });
    };
    source.onmessage = (event) => {
      last = event.lastEventId || last;
      pass({ change: JSON.parse(event.data) });
    };
    source.onerror = () => {
      pass({ state: "Not live at the moment" });
      if (source.readyState === EventSource.CLOSED) resolve();
    };
    addEventListener("pagehide", () => { source.close(); resolve(); }, { once: true });
  });
}

// A browser asks again by itself where the line broke, but not where it was told no: by a server that begins anew, say.
async function keepListening() {
  if (keeps) return;
  for (keeps = true; !gone; ) {
    await (navigator.locks ? navigator.locks.request("towerdesk-live", listen) : listen());
    await new Promise((go) => setTimeout(go, pause));
    pause = Math.min(late, 2 * pause);
  }
  keeps = false;
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
  keepListening();
  addEventListener("pagehide", () => { gone = true; });
  addEventListener("pageshow", ({ persisted }) => { // true where “Back” brought it as it was left
    if (persisted) [gone, pause] = [false, soon];
    keepListening();
  });
}
