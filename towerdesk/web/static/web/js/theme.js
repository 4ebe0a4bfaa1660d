// Light or dark, kept in a cookie so that the server draws the right one at once; and the reader's time zone, likewise.
const root = document.documentElement;

export function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}

remember("tz", Intl.DateTimeFormat().resolvedOptions().timeZone);

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form) return;
  event.preventDefault();
  const dark = root.dataset.theme === "dark"
    || (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = dark ? "light" : "dark";
  remember("theme", root.dataset.theme);
});
