// Everything lies in a shadow root with a sheet of its own: the host's styles do not come in, ours do not get out.
const CSS = `
:host { all: initial; --face: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; color-scheme: light; }
:host([data-theme="dark"]) { color-scheme: dark; }
.all { --paper: #fff; --room: #f5f6f8; --ink: #1b2029; --soft: #525b6b; --hair: #e1e4ea; --edge: #868fa0; --theirs: #eceef2; --late: #a8201a;
  font: 15px/1.5 var(--face); color: var(--ink); direction: ltr; text-align: start; }
.all[dir="rtl"] { direction: rtl; }
:host([data-theme="dark"]) .all { --paper: #1e232c; --room: #171b22; --ink: #eef0f4; --soft: #adb5c3; --hair: #343b48; --edge: #7c8698; --theirs: #2c333f; --late: #ff9d94; }
*, *::before { box-sizing: border-box; }
button, textarea, input { font: inherit; color: inherit; margin: 0; }
button { cursor: pointer; border: 0; background: none; padding: 0; }
svg { display: block; width: 22px; height: 22px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
:focus { outline: none; } :focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
[hidden] { display: none !important; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.launcher { position: fixed; z-index: 2147483000; inset-block-end: 20px; inset-inline-end: 20px; width: 56px; height: 56px; border-radius: 50%; display: grid; place-items: center;
  background: var(--accent); color: var(--on); box-shadow: 0 4px 16px rgb(0 0 0 / .22), 0 0 0 1px rgb(255 255 255 / .14); transition: transform .15s; }
.launcher:hover { transform: translateY(-2px); } .launcher svg { width: 26px; height: 26px; }
.start .launcher, .start .panel { inset-inline: 20px auto; }
.badge { position: absolute; inset-block-start: -4px; inset-inline-end: -4px; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px; background: #c5221f; color: #fff; font-size: 12px; font-weight: 700; line-height: 22px; text-align: center; }
.panel { position: fixed; z-index: 2147483001; inset-block-end: 88px; inset-inline-end: 20px; width: 384px; height: min(620px, calc(100vh - 108px)); display: flex; flex-direction: column;
  background: var(--paper); border-radius: 14px; overflow: hidden; box-shadow: 0 12px 44px rgb(0 0 0 / .26), 0 0 0 1px var(--hair); animation: rise .18s ease-out; }
.docked .panel { position: static; width: 100%; height: 540px; box-shadow: 0 0 0 1px var(--hair); animation: none; } .docked .launcher { display: none; }
@keyframes rise { from { opacity: 0; transform: translateY(10px); } }
.head { display: flex; align-items: center; gap: 4px; padding: 14px 10px 14px 18px; background: var(--accent); color: var(--on); }
[dir="rtl"] .head { padding: 14px 18px 14px 10px; }
.head > div:first-child { flex: 1; min-width: 0; }
.head h2 { margin: 0; font-size: 16px; line-height: 1.3; font-weight: 650; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.status { font-size: 13px; line-height: 1.4; display: flex; align-items: center; gap: 6px; }
.status::before { content: ""; width: 8px; height: 8px; border-radius: 50%; border: 1.5px solid currentColor; flex: none; }
.status.on::before { background: #5fdc8b; border-color: #0b5d2b; }
.head button { width: 40px; height: 40px; border-radius: 8px; display: grid; place-items: center; } .head button:hover { background: rgb(127 127 127 / .25); }
.head button:focus-visible { outline-color: var(--on); outline-offset: -3px; }
.menu { position: absolute; z-index: 2; inset-block-start: 58px; inset-inline-end: 12px; min-width: 200px; padding: 6px; background: var(--paper); border-radius: 10px; box-shadow: 0 8px 28px rgb(0 0 0 / .25), 0 0 0 1px var(--hair); }
.menu button { display: block; width: 100%; padding: 9px 12px; border-radius: 6px; text-align: start; } .menu button:hover { background: var(--theirs); }
.notice { margin: 0; padding: 9px 18px; background: var(--theirs); border-block-end: 1px solid var(--hair); font-size: 13px; white-space: pre-line; overflow-wrap: anywhere; }
.lost { padding: 7px 18px; background: var(--theirs); color: var(--soft); font-size: 13px; }
.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 16px 18px 8px; display: flex; flex-direction: column; gap: 3px; background: var(--paper); scrollbar-width: thin; }
.day { align-self: center; margin-block: 10px 6px; font-size: 12px; color: var(--soft); }
.line { align-self: center; max-width: 90%; margin-block: 10px; padding: 8px 14px; border-radius: 10px; background: var(--room); color: var(--soft); font-size: 13px; text-align: center; text-wrap: balance; }
.said { max-width: 84%; display: flex; flex-direction: column; align-items: flex-start; } .said.mine { align-self: flex-end; align-items: flex-end; }
.said.first { margin-block-start: 10px; }
.who { font-size: 12px; color: var(--soft); margin-block-end: 3px; padding-inline: 4px; }
.words { padding: 9px 13px; border-radius: 14px; background: var(--theirs); white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; }
.mine .words { background: var(--accent); color: var(--on); border-end-end-radius: 4px; } .theirs .words { border-end-start-radius: 4px; }
.words a { color: inherit; text-underline-offset: 2px; } .words:empty { display: none; }
.how { font-size: 12px; color: var(--soft); padding: 2px 4px 0; display: flex; gap: 8px; } .how button { color: var(--late); text-decoration: underline; text-underline-offset: 2px; } .how .bad { color: var(--late); }
.file { display: flex; align-items: center; gap: 8px; margin-block-start: 4px; padding: 8px 12px; max-width: 100%; border: 1px solid var(--hair); border-radius: 10px; color: var(--ink); text-decoration: none; font-size: 13px; }
.file:hover { border-color: var(--edge); } .file svg { width: 18px; height: 18px; flex: none; } .file span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.file img { display: block; max-width: 220px; max-height: 160px; border-radius: 6px; } .file.pic { padding: 4px; }
.types { min-height: 22px; padding: 0 18px 4px; font-size: 12px; color: var(--soft); display: flex; align-items: center; gap: 8px; }
.dots { display: inline-flex; gap: 3px; } .dots i { width: 5px; height: 5px; border-radius: 50%; background: currentColor; animation: dot 1.2s infinite; } .dots i:nth-child(2) { animation-delay: .15s; } .dots i:nth-child(3) { animation-delay: .3s; }
@keyframes dot { 30% { transform: translateY(-3px); opacity: .5; } }
.foot { border-block-start: 1px solid var(--hair); padding: 10px 12px 12px; background: var(--paper); }
.chips { display: flex; flex-wrap: wrap; gap: 6px; margin-block-end: 8px; } .chips span { display: inline-flex; align-items: center; gap: 4px; max-width: 100%; padding: 2px 4px 2px 10px; border-radius: 14px; background: var(--theirs); font-size: 13px; } .chips button { width: 24px; height: 24px; } .chips svg { width: 14px; height: 14px; margin: auto; }
.box { display: flex; align-items: flex-end; gap: 2px; border: 1px solid var(--edge); border-radius: 12px; padding: 3px; } .box:focus-within { border-color: var(--focus); box-shadow: 0 0 0 1px var(--focus); }
.box textarea { flex: 1; min-width: 0; resize: none; border: 0; background: none; outline: none; padding: 7px 8px; max-height: 132px; min-height: 38px; line-height: 24px; font-size: 15px; } textarea::placeholder, input::placeholder { color: var(--soft); opacity: 1; }
.box button { flex: none; width: 38px; height: 38px; border-radius: 9px; display: grid; place-items: center; color: var(--soft); } .box button:hover { background: var(--theirs); } .box .send { background: var(--accent); color: var(--on); } .box .send:hover { background: var(--accent); filter: brightness(1.08); } .box .send[aria-disabled="true"] { background: none; color: var(--edge); filter: none; }
[dir="rtl"] .send svg { transform: scaleX(-1); }
.person { display: block; min-height: 32px; margin: 0 4px 6px; padding: 2px 0; color: var(--soft); font-size: 13px; text-decoration: underline; text-underline-offset: 3px; } .person:hover { color: var(--ink); }
.trouble { color: var(--late); font-size: 13px; margin: 0 4px 8px; }
form.ask { display: grid; gap: 10px; padding: 4px; } .ask label { display: grid; gap: 4px; font-size: 13px; color: var(--soft); } .ask input, .ask textarea { width: 100%; min-height: 42px; padding: 8px 12px; border: 1px solid var(--edge); border-radius: 9px; background: var(--paper); color: var(--ink); font-size: 15px; } .ask textarea { resize: none; }
.solid { min-height: 42px; padding: 8px 16px; border-radius: 9px; background: var(--accent); color: var(--on); font-weight: 600; } .solid:hover { filter: brightness(1.08); } .plain { min-height: 42px; padding: 8px 16px; border-radius: 9px; border: 1px solid var(--edge); } .plain:hover, .plain[aria-pressed="true"] { border-color: var(--focus); background: var(--theirs); }
.row { display: flex; gap: 8px; } .row > * { flex: 1; } .rate { padding: 4px 4px 12px; display: grid; gap: 8px; } .rate p { margin: 0; font-weight: 600; }
@media (max-width: 480px) {
  .all:not(.docked) .panel { inset: 0; width: 100%; height: 100%; height: 100dvh; border-radius: 0; } .all:not(.docked) .foot { padding-block-end: max(12px, env(safe-area-inset-bottom)); }
  .isopen:not(.docked) .launcher { display: none; } .box textarea, .ask input, .ask textarea { font-size: 16px; } .head button { width: 44px; height: 44px; } .box button { width: 44px; height: 44px; } .person { min-height: 44px; margin-block-end: 0; } .box textarea { padding-block: 10px; }
}
@media (prefers-reduced-motion: reduce) { *, *::before { animation: none !important; transition: none !important; } }
@media (forced-colors: active) { .words, .box, .launcher, .panel { border: 1px solid; } }
`;
const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
const light = (colour) => channels(colour).map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
const contrast = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
const mixed = (colour, to, part) => `#${channels(colour).map((c, at) => Math.round(c + (channels(to)[at] - c) * part).toString(16).padStart(2, "0")).join("")}`;
// Words on the host's colour are white or ink, whichever reads better; what is outlined in it must stand out from the paper.
const inkOn = (colour) => (contrast(light(colour), 1) >= contrast(light(colour), light("#14181f")) ? "#ffffff" : "#14181f");
function outline(colour, dark) {
  const paper = light(dark ? "#1e232c" : "#ffffff");
  for (let part = 0; part < 1; part += 0.1) {
    const tried = mixed(colour, dark ? "#ffffff" : "#000000", part);
    if (contrast(light(tried), paper) >= 3.2) return tried;
  }
  return dark ? "#ffffff" : "#000000";
}
