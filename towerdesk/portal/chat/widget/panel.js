// What the visitor sees: the launcher, and the panel with its head, the conversation and the place to write.
const root = el("towerdesk-chat");
const shadow = root.attachShadow({ mode: "open" });
const sheet = new CSSStyleSheet();
sheet.replaceSync(CSS);
shadow.adoptedStyleSheets = [sheet];
let looks = {};
let dressed = 0;
let isOpen = false, isDone = false;
let chosen = [];
let trouble = "";

const badge = el("span", { className: "badge", hidden: true });
const launcher = el("button", { type: "button", className: "launcher", "aria-label": say("open"), "aria-expanded": "false", onclick: () => (isOpen ? shut() : show()) }, drawing("chat"), badge);
const title = el("h2", { id: "title" });
const status = el("p", { className: "status", role: "status" });
status.style.margin = "0";
const menuButton = iconButton("more", say("more"), () => toggleMenu(), { "aria-expanded": "false", "aria-haspopup": "true" });
const menu = el("div", { className: "menu", hidden: true },
  el("button", { type: "button", onclick: () => { toggleMenu(false); mailIt(); } }, say("transcript")),
  el("button", { type: "button", onclick: () => { toggleMenu(false); endIt(); } }, say("end")));
const lost = el("p", { className: "lost", hidden: true }, say("lost"));
lost.style.margin = "0";
const notice = el("p", { className: "notice", role: "status", hidden: true });
const log = el("div", { className: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", tabIndex: 0, "aria-label": say("open") });
const types = el("p", { className: "types", "aria-live": "off" });
types.style.margin = "0";
const foot = el("div", { className: "foot" });
const spoken = el("span", { className: "unseen", role: "status" });
const panel = el("section", { className: "panel", role: "dialog", "aria-labelledby": "title", hidden: true },
  el("header", { className: "head" }, el("div", {}, title, status), menuButton, iconButton("close", say("close"), () => shut())),
  menu, notice, lost, log, types, foot, spoken);
const all = el("div", { className: "all", dir: isRtl ? "rtl" : "ltr", lang: language }, launcher, panel);
shadow.append(all);

function dress(fresh) {
  looks = { ...looks, ...fresh };
  const theme = option("theme") || looks.theme;
  const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  const colour = /^#[0-9a-f]{6}$/i.test(option("colour")) ? option("colour") : looks.colour;
  root.dataset.theme = dark ? "dark" : "light";
  all.classList.toggle("start", looks.side === "start");
  all.style.setProperty("--accent", colour);
  all.style.setProperty("--on", inkOn(colour));
  all.style.setProperty("--focus", outline(colour, dark));
  title.textContent = looks.title;
  notice.textContent = (looks.notices || []).map((one) => one[language.slice(0, 2).toLowerCase()] || one.en || Object.values(one)[0]).join("\n");
  notice.hidden = !notice.textContent;
  if (fresh.title) dressed = Date.now();
  draw();
}

// --- the place to write ------------------------------------------------------------------------------------------------

const field = el("textarea", { rows: 1, maxLength: 5000, placeholder: say("write"), "aria-label": say("write"), enterKeyHint: "send", oninput: grow, onkeydown: (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
}, onpaste: (event) => { if (looks.files && event.clipboardData.files.length) { event.preventDefault(); choose(event.clipboardData.files); } } });
const picker = el("input", { type: "file", multiple: true, hidden: true, tabIndex: -1, onchange: () => { choose(picker.files); picker.value = ""; } });
const clip = iconButton("clip", say("attach"), () => picker.click());
const go = iconButton("send", say("send"), () => send(), { className: "send", "aria-disabled": "true" });
const chips = el("div", { className: "chips" });
const wrong = el("p", { className: "trouble", role: "alert", hidden: true });
const personButton = el("button", { type: "button", className: "person", onclick: () => askPerson() }, say("person"));
const composer = el("div", {}, chips, wrong, el("div", { className: "box" }, picker, clip, field, go));

let saidTyping = 0, quiet = 0;
function grow() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 132)}px`;
  go.setAttribute("aria-disabled", String(!field.value.trim() && !chosen.length));
  if (!store.get("token") || preview) return;
  if (field.value && Date.now() - saidTyping > 4000) { saidTyping = Date.now(); sayTyping(true); }
  clearTimeout(quiet);
  quiet = setTimeout(() => saidTyping && sayTyping(false), 5000);
}
function sayTyping(typing) { if (!typing) saidTyping = 0; call("typing", { typing }).catch(() => {}); }
function choose(more) {
  const all = [...chosen, ...more];
  const fits = all.length <= 5 && all.reduce((sum, file) => sum + file.size, 0) <= 10 * 2 ** 20;
  if (fits) chosen = all;
  complain(fits ? "" : say("big"));
  drawChips();
}
function drawChips() {
  chips.hidden = !chosen.length;
  chips.replaceChildren(...chosen.map((file) => el("span", {}, file.name, iconButton("close", say("remove", file.name), () => { chosen = chosen.filter((one) => one !== file); drawChips(); field.focus(); }))));
  grow();
}
function complain(words) { wrong.textContent = words; wrong.hidden = !words; }
function send() {
  const text = field.value.trim();
  if ((!text && !chosen.length) || preview) return;
  isDone = false;
  clearTimeout(quiet);
  if (saidTyping) saidTyping = 0;
  const sent = chosen;
  field.value = "";
  chosen = [];
  complain("");
  drawChips();
  post(text, sent);
  log.scrollTop = log.scrollHeight;
  field.focus();
}

// The button writes for them, so that it goes the way of all words: kept first, sent again, read by people. While the name
// is still asked for, the wish waits for it.
let wantsPerson = false;
const isAsked = () => state.person_asked || waiting().some((out) => out.text === say("ask_person"));
function askPerson() {
  if (preview) return;
  wantsPerson = asksFirst() && looks.ask === "must";
  if (wantsPerson) return foot.querySelector("form.ask input")?.focus();
  if (asksFirst()) store.set("who", { name: "", mail: "" });
  isDone = false;
  asked = null;
  post(say("ask_person"), []);
  log.scrollTop = log.scrollHeight;
  field.focus();
}

// --- before and after --------------------------------------------------------------------------------------------------

const asksFirst = () => looks.ask && looks.ask !== "nothing" && !store.get("token") && !store.get("who") && !given.identity;
function askForm() {
  const must = looks.ask === "must";
  const more = must ? "" : ` (${say("optional")})`;
  const name = el("input", { name: "name", autocomplete: "name", required: must, maxLength: 120 });
  const mail = el("input", { name: "mail", type: "email", autocomplete: "email", required: must, maxLength: 320 });
  return el("form", { className: "ask", onsubmit: (event) => { event.preventDefault(); if (preview) return; store.set("who", { name: name.value, mail: mail.value }); drawFoot(); field.focus(); if (wantsPerson) askPerson(); } },
    el("label", {}, say("name") + more, name), el("label", {}, say("mail") + more, mail), el("button", { className: "solid" }, say("begin")));
}
function mailForm() {
  const mail = el("input", { type: "email", required: true, autocomplete: "email", value: state.mail || store.get("who")?.mail || "" });
  const form = el("form", { className: "ask", onsubmit: (event) => {
    event.preventDefault();
    call("transcript", { mail: mail.value }).then(() => { speak(say("mailed", mail.value)); asked = null; drawFoot(); field.focus(); }, (error) => { mail.setCustomValidity(error.message); mail.reportValidity(); mail.setCustomValidity(""); });
  } }, el("label", {}, say("mail"), mail), el("div", { className: "row" }, el("button", { className: "solid" }, say("transcript")), el("button", { type: "button", className: "plain", onclick: () => { asked = null; drawFoot(); field.focus(); } }, say("cancel"))));
  setTimeout(() => mail.focus());
  return form;
}
let asked = null;
function mailIt() { asked = mailForm(); drawFoot(); }
function endIt() { isDone = true; call("end", {}).catch(() => {}); draw(); rating.querySelector("button")?.focus(); }

let rated = 0;
const rating = el("div", { className: "rate", role: "group", "aria-label": say("helped") });
function drawRating() {
  const ends = (state.step === "ended" || isDone) && newest().some((item) => !item.mine && item.number);
  rating.hidden = !ends;
  const stage = `${ends}${rated}${state.rating || 0}`;
  if (!ends || rating.dataset.stage === stage) return;
  rating.dataset.stage = stage;
  const give = (value) => { rated = value; call("rating", { rating: value }).catch(() => {}); draw(); };
  if (!(rated || state.rating)) {
    return rating.replaceChildren(el("p", {}, say("helped")), el("div", { className: "row" }, ...[[3, "yes"], [2, "partly"], [1, "no"]].map(([value, name]) => el("button", { type: "button", className: "plain", onclick: () => give(value) }, say(name)))));
  }
  rating.replaceChildren(el("p", { role: "status" }, say("thanks")));
}
function drawFoot() {
  const wanted = asked || (asksFirst() ? foot.firstChild?.tagName === "FORM" ? foot.firstChild : askForm() : composer);
  if (wanted === composer) { if (foot.firstChild !== rating) foot.replaceChildren(rating, personButton, composer); drawRating(); } else if (foot.firstChild !== wanted) foot.replaceChildren(wanted, personButton);
  personButton.hidden = Boolean(isAsked());
  clip.hidden = !looks.files;
}

// --- the conversation --------------------------------------------------------------------------------------------------

const drawn = new Map();
function row(key, stamp, make) {
  const old = drawn.get(key);
  if (old?.stamp === stamp) return old.node;
  const node = make();
  drawn.set(key, { stamp, node });
  return node;
}
function drawSaid(item, first, lastMine) {
  const from = item.mine ? "" : item.by === "assistant" ? say("assistant") : item.who;
  const how = item.out ? (item.out.wrong ? "failed" : item.out.kept ? "sent" : "sending") : state.seen && state.seen >= item.at ? "seen" : "sent";
  return row(item.key, JSON.stringify([item, first, lastMine && how]), () => el("div", { className: `said ${item.mine ? "mine" : "theirs"}${first ? " first" : ""}` },
    first && from && el("span", { className: "who" }, from),
    item.mine ? el("span", { className: "unseen" }, `${say("you")}: `) : null,
    item.text && el("div", { className: "words", title: clock(item.at) }, ...linked(item.text)),
    ...(item.files || []).map(drawFile),
    item.out?.wrong ? el("span", { className: "how" }, el("span", { className: "bad" }, item.out.wrong), el("button", { type: "button", onclick: () => { store.set(`out:${item.out.id}`, { ...item.out, wrong: "" }); sendAll(); draw(); } }, say("again")))
      : item.mine && (lastMine || how === "sending") ? el("span", { className: "how" }, `${how === "sending" ? "" : `${clock(item.at)} · `}${say(how)}`) : null));
}
function drawFile(file) {
  const picture = /^image\/(png|jpeg|gif|webp)$/.test(file.type || "") && file.address;
  const label = el("span", {}, file.size ? `${file.name}, ${sizeOf(file.size)}` : file.name);
  if (!file.address) return el("span", { className: "file" }, drawing("clip"), label);
  const link = el("a", { className: `file${picture ? " pic" : ""}`, href: file.address, target: "_blank", rel: "noopener" });
  if (picture) link.append(el("img", { src: file.address, alt: file.name, loading: "lazy", onerror: () => { link.className = "file"; link.replaceChildren(drawing("clip"), label); } }));
  else link.append(drawing("clip"), label);
  return link;
}
function rows() {
  const outs = waiting().map((out) => ({ key: `o${out.id}`, mine: true, text: out.text, at: out.at, out, files: out.names.map((name) => ({ name })) }));
  const shown = [...newest(), ...outs];
  const lastMine = shown.findLast((item) => item.mine);
  let before = null;
  const made = [row("greeting", looks.greeting, () => el("div", { className: "said theirs first" }, el("div", { className: "words" }, looks.greeting)))];
  if (state.step === "new" && looks.open === false && looks.opens) made.push(row("closed", looks.opens, () => el("p", { className: "line" }, say("leave", when(looks.opens)))));
  for (const item of shown) {
    if (before && day(before.at) !== day(item.at)) made.push(row(`d${item.key}`, day(item.at), () => el("p", { className: "day" }, day(item.at))));
    if (item.line) made.push(row(item.key, item.line, () => el("p", { className: "line" }, say(item.line))));
    else if (item.text || item.files?.length) made.push(drawSaid(item, !before || before.line || before.mine !== item.mine || before.who !== item.who, item === lastMine));
    before = item;
  }
  return made;
}
function place(made) {
  const low = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  made.forEach((node, at) => { if (log.children[at] !== node) log.insertBefore(node, log.children[at] || null); });
  while (log.children.length > made.length) log.lastChild.remove();
  if (low) log.scrollTop = log.scrollHeight;
}

draw = () => {
  if (!looks.title) return;
  if (isOpen) place(rows());
  const people = state.people || [];
  const typing = people.find((one) => one.typing);
  const away = state.step === "new" ? looks : state;
  const line = people.length ? say("with", people.map((one) => one.name).join(", ")) : away.open === false ? (away.opens ? say("away", when(away.opens)) : say("gone")) : state.step === "waiting" ? (state.place > 1 ? say("waiting", state.place) : say("soon")) : say("here");
  if (status.textContent !== line) status.textContent = line;
  status.classList.toggle("on", people.length > 0 || away.open !== false);
  if (types.dataset.who !== (typing?.name || "")) {
    types.dataset.who = typing?.name || "";
    types.replaceChildren(...(typing ? [el("span", { className: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")), say("types", typing.name)] : []));
  }
  lost.hidden = !isLost;
  menuButton.hidden = state.step === "new";
  const count = isOpen ? 0 : unread();
  badge.hidden = !count;
  badge.textContent = count > 9 ? "9+" : count;
  launcher.setAttribute("aria-label", count ? `${say("open")} (${say("unread", count)})` : say("open"));
  const low = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  drawFoot();
  if (low && isOpen) log.scrollTop = log.scrollHeight;
};
function speak(words) { spoken.textContent = words; trouble = words; complain(words); }

// --- open and shut, and the keyboard -----------------------------------------------------------------------------------

const preview = "preview" in script.dataset;
isShown = () => isOpen && !document.hidden;
function show(quietly) {
  isOpen = true;
  panel.hidden = false;
  all.classList.add("isopen");
  launcher.setAttribute("aria-expanded", "true");
  launcher.replaceChildren(drawing("down"), badge);
  panel.setAttribute("aria-modal", String(matchMedia("(max-width: 480px)").matches));
  store.set("open", true);
  if (!preview && Date.now() - dressed > 60000) call("looks").then(dress).catch(() => {});
  draw();
  log.scrollTop = log.scrollHeight;
  if (!quietly) (foot.querySelector("input:not([hidden]), textarea") || field).focus();
  acknowledge();
}
function shut() {
  if (mount) return;
  isOpen = false;
  panel.hidden = true;
  all.classList.remove("isopen");
  launcher.setAttribute("aria-expanded", "false");
  launcher.replaceChildren(drawing("chat"), badge);
  store.set("open", false);
  draw();
  launcher.focus();
}
function toggleMenu(open = menu.hidden) {
  menu.hidden = !open;
  menuButton.setAttribute("aria-expanded", String(open));
  if (open) menu.firstChild.focus();
}
panel.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { event.stopPropagation(); if (!menu.hidden) { toggleMenu(false); menuButton.focus(); } else shut(); }
  if (event.key !== "Tab" || mount) return;
  const stops = [...panel.querySelectorAll("button, a[href], textarea, input, [tabindex='0']")].filter((one) => one.offsetParent && one.tabIndex >= 0);
  const [firstOne, lastOne] = [stops[0], stops[stops.length - 1]];
  if (event.shiftKey && shadow.activeElement === firstOne) { event.preventDefault(); lastOne.focus(); }
  else if (!event.shiftKey && shadow.activeElement === lastOne) { event.preventDefault(); firstOne.focus(); }
});
panel.addEventListener("click", (event) => { if (!menu.hidden && !menu.contains(event.target) && !menuButton.contains(event.target)) toggleMenu(false); });
