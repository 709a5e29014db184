// The menu, right after it was parsed, so that nothing jumps: folded groups, the narrow column, and the drawer of a phone.
(() => {
  const root = document.documentElement;
  const nav = document.getElementById("nav");
  const toggle = document.getElementById("nav-toggle");
  const groups = [...nav.querySelectorAll("details[data-group]")];
  const phone = matchMedia("(max-width: 991.98px)");
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } }; // storage may be switched off
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* it lasts for this page then */ } };
  const narrow = () => root.classList.contains("nav-narrow") && !phone.matches;

  // Folded groups stay folded on this machine, except the one that holds this page. In the narrow column a group opens beside it.
  function fold() {
    for (const group of groups) {
      group.open = !narrow() && (kept(`fold-${group.dataset.group}`) !== "1" || group.classList.contains("side-here"));
    }
  }
  for (const group of groups) {
    group.querySelector("summary").addEventListener("click", () => {
      if (!narrow()) { keep(`fold-${group.dataset.group}`, group.open ? "1" : "0"); return; } // before it opens or closes
      groups.forEach((other) => { if (other !== group) other.open = false; });
      group.querySelector("ul").style.top = `${group.getBoundingClientRect().top}px`;
    });
  }
  function closeBeside(event) {
    if (narrow() && !(event && event.target.closest("details[data-group]"))) groups.forEach((group) => { group.open = false; });
  }
  document.addEventListener("click", closeBeside);

  const button = nav.querySelector("[data-nav-narrow]");
  function showWidth() {
    button.setAttribute("aria-pressed", String(root.classList.contains("nav-narrow")));
    fold();
  }
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    keep("nav", root.classList.toggle("nav-narrow") ? "narrow" : "full");
    showWidth();
  });
  showWidth();

  // The drawer. While it is open, everything else is inert, so that neither Tab nor a reader leaves it.
  const others = () => document.querySelectorAll(".bar, .page-area, .skip");
  function open() {
    root.classList.add("nav-open");
    toggle.setAttribute("aria-expanded", "true");
    others().forEach((one) => { one.inert = true; });
    nav.querySelector(".side-close").focus();
  }
  function close(back = true) {
    if (!root.classList.contains("nav-open")) return;
    root.classList.remove("nav-open");
    toggle.setAttribute("aria-expanded", "false");
    others().forEach((one) => { one.inert = false; });
    if (back) toggle.focus();
  }
  toggle.addEventListener("click", open);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-nav-close]")) close(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const beside = narrow() && groups.find((group) => group.open);
    if (beside) { closeBeside(); beside.querySelector("summary").focus(); }
    close();
  });
  phone.addEventListener("change", () => { close(false); fold(); });
  addEventListener("pageshow", () => close(false)); // a page that comes back from the history has its drawer shut
})();
