// Small builders: an element with its properties and children; a drawing of one stroke.
function el(name, props = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made && !key.startsWith("aria")) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((one) => one || one === 0));
  return made;
}
const DRAWN = {
  chat: "M4 5h16v11H9l-5 4z M8 9h8 M8 12h5", close: "M6 6l12 12 M18 6L6 18", send: "M4 12l16-7-5 15-3.5-6z M11.500 13.500L20 5", more: "M5 12h.01 M12 12h.01 M19 12h.01", down: "M6 9l6 6 6-6",
  clip: "M20 11l-8.500 8.500a5 5 0 0 1-7-7L13 4a3.400 3.400 0 0 1 5 5l-8.500 8.500a1.700 1.700 0 0 1-2.500-2.500L14.500 7.500",
};
function drawing(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", DRAWN[name]);
  if (name === "more") path.setAttribute("stroke-width", "3");
  svg.append(path);
  return svg;
}
const iconButton = (name, label, onclick, props = {}) => el("button", { type: "button", "aria-label": label, title: label, onclick, ...props }, drawing(name));
// Addresses in words become links; nothing that anybody writes becomes markup.
function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/g).map((part, at) => (at % 2 ? el("a", { href: part, target: "_blank", rel: "noopener noreferrer nofollow" }, part) : part));
}
const sizeOf = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
