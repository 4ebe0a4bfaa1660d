// The line to the desk. Down: server-sent events, read by fetch, so that the token travels in a header and not in an address.
// Up: POST. Every message has an id of ours, so that sending it again is harmless. One tab listens and tells the others.
const SILENCE = 40_000; // milliseconds after which a quiet line counts as dead: the desk says a word every 15 seconds
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const bus = "BroadcastChannel" in window ? new BroadcastChannel(room) : null;
let last = 0;

async function call(name, body, options = {}) {
  const token = store.get("token");
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  if (body && !(body instanceof FormData)) headers["Content-Type"] = "application/json";
  const answer = await fetch(`${base}/${name}`, { method: body ? "POST" : "GET", headers, body: body instanceof FormData ? body : body && JSON.stringify(body), credentials: "omit", ...options });
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  throw Object.assign(new Error(said.trouble || String(answer.status)), { status: answer.status, after: Number(answer.headers.get("Retry-After")) * 1000 });
}

// Calls `hear(event, data, id)` for each event until the line breaks; resolves with the HTTP status, 0 when it broke.
async function listenOnce(hear) {
  const breaker = new AbortController();
  let dog = setTimeout(() => breaker.abort(), SILENCE);
  const hangUp = () => breaker.abort();
  addEventListener("pagehide", hangUp, { once: true });
  try {
    const headers = { Authorization: `Bearer ${store.get("token")}`, ...(last ? { "Last-Event-ID": String(last) } : {}) };
    const answer = await fetch(`${base}/live`, { headers, signal: breaker.signal, credentials: "omit", cache: "no-store" });
    if (!answer.ok) return answer.status;
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return 200;
      clearTimeout(dog);
      dog = setTimeout(() => breaker.abort(), SILENCE);
      bus?.postMessage({ event: "beat" });
      const events = (rest + value).split("\n\n");
      rest = events.pop();
      for (const event of events) {
        const field = Object.fromEntries(event.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
        if (field.data) hear(field.event, JSON.parse(field.data), Number(field.id) || 0);
      }
    }
  } catch {
    return 0;
  } finally {
    clearTimeout(dog);
    removeEventListener("pagehide", hangUp);
  }
}

// `on`: items, state, lost, gone. Ends when the desk does not know us any more.
async function keepListening(on) {
  let tries = 0;
  for (;;) {
    const status = await listenOnce((event, data, id) => {
      tries = 0;
      if (id) last = id;
      bus?.postMessage({ event, data, id });
      on.lost(false);
      on[event]?.(data);
    });
    if (status === 401 || status === 403 || status === 404) return on.gone(status);
    tries += 1;
    if (tries > 2) { on.lost(true); bus?.postMessage({ event: "lost", data: true }); }
    const wait = status === 200 && tries === 1 ? 100 + Math.random() * 400 : Math.min(500 * 1.7 ** tries, 10_000) * (0.6 + Math.random() * 0.8);
    await Promise.race([pause(wait), new Promise((resolve) => addEventListener("online", resolve, { once: true }))]);
  }
}

let isListening = false, holds = false, heardAt = Date.now();
function listen(on, everything) {
  if (isListening || !store.get("token")) return;
  isListening = true;
  bus?.addEventListener("message", ({ data }) => {
    heardAt = Date.now();
    if (data.asks && holds) for (const [event, said] of Object.entries(everything())) bus.postMessage({ event, data: said, id: last });
    if (data.asks) return;
    if (data.id) last = Math.max(last, data.id);
    on[data.event]?.(data.data);
  });
  const begin = () => { holds = true; return keepListening(on).finally(() => { holds = isListening = false; }); };
  if (!navigator.locks || !bus) return void begin();
  bus.postMessage({ asks: true });
  navigator.locks.request(room, begin).catch(() => {});
  // The tab that listens may have been put to sleep by its browser: who is looked at takes over then.
  setInterval(() => {
    if (holds || document.hidden || Date.now() - heardAt < SILENCE) return;
    heardAt = Date.now();
    navigator.locks.request(room, { steal: true }, begin).catch(() => {});
  }, 5000);
}
