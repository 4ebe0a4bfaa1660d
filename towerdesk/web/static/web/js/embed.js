// Puts a form on any site that it names: <script src=".../help/ask/embed.js" data-form="repair" async></script>
// data-context="page" lets the form know the page's address and title; data-theme="light" or "dark" fixes its look.
(() => {
  const me = document.currentScript;
  const desk = new URL(me.src).origin;
  const frame = document.createElement("iframe");
  const theme = me.dataset.theme ? `&theme=${encodeURIComponent(me.dataset.theme)}` : "";
  const told = me.dataset.context === "page" ? `#${new URLSearchParams({ page_address: location.origin + location.pathname, page_title: document.title })}` : "";
  frame.src = `${desk}/help/ask/${encodeURIComponent(me.dataset.form)}?embedded=1${theme}${told}`;
  frame.title = me.dataset.title || "Form";
  Object.assign(frame.style, { width: "100%", height: "36rem", border: "0", colorScheme: "normal" });
  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== desk || event.data?.towerdesk !== "height") return;
    frame.style.height = `${Math.min(Math.max(Number(event.data.height) || 0, 120), 20000)}px`;
  });
  me.after(frame);
})();
