// Words about what was done leave by themselves, but not under the pointer, and never before their undo has run out.
const rest = 7;

function dismissLater(toast) {
  const until = Date.now() + Math.max(rest, Number(toast.dataset.seconds ?? 0)) * 1000;
  const timer = setInterval(() => {
    if (Date.now() < until || toast.matches(":hover, :focus-within")) return;
    clearInterval(timer);
    toast.remove();
  }, 500);
}

export function say(sentence) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.append(Object.assign(document.createElement("p"), { textContent: sentence }));
  document.querySelector(".toasts")?.append(toast);
  dismissLater(toast);
}

document.querySelectorAll("[data-toast]").forEach(dismissLater);
