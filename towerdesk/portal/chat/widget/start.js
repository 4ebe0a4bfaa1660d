// Begin: ask how the chat looks, put it onto the page, and take up what was going on.
const mount = option("mount") ? document.querySelector(option("mount")) : null;

async function startUp() {
  if (document.querySelector("towerdesk-chat") && !mount) return;
  if (document.readyState === "loading") await new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));
  const fresh = await call("looks").catch(() => null);
  if (!fresh || fresh.paused) return;
  if (mount) all.classList.add("docked");
  (mount || document.body).append(root);
  dress(fresh);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => dress({}));
  if (preview) return sample();
  document.addEventListener("visibilitychange", acknowledge);
  if (store.get("token")) { listen(on, everything); tellHost(); }
  if (waiting().some((one) => !one.kept)) sendAll();
  if (mount || (store.get("open") && !matchMedia("(max-width: 480px)").matches)) show(true);
}

// In the settings: how it looks with something said in it. Nothing goes anywhere.
function sample() {
  const at = new Date().toISOString();
  [["1", true, "Does the grinder fit the Solo 2?"], ["2", false, "It does. The ring is in the box.", "Ana"]].forEach(([key, mine, text, who], number) => items.set(key, { key, number: number + 1, mine, text, who, by: "person", at, read: true, files: [] }));
  state = { step: "talking", people: [{ name: "Ana", typing: true }], open: true, opens: "", seen: at };
  show(true);
}

window.Towerdesk = {
  open: () => show(), close: () => shut(), look: (fresh) => dress(fresh),
  identify: (identity) => { given = { ...given, identity }; return tellHost(); },
  data: (data) => { given = { ...given, data }; return tellHost(); },
  consent: (agrees = true) => { consent = Boolean(agrees); return tellHost(); },
};
startUp();
