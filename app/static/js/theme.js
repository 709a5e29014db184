// Before the first paint: light, dark or as the system has it, and the menu as wide as it was left on this machine.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const read = (name) => { try { return localStorage.getItem(name); } catch { return null; } }; // storage may be switched off

  let here = null; // chosen on this page; it holds even where nothing is kept

  function colour() {
    const chosen = here ?? read("theme");
    const choice = chosen === "light" || chosen === "dark" ? chosen : "system";
    root.dataset.colours = choice;
    root.dataset.bsTheme = choice === "dark" || (choice === "system" && system.matches) ? "dark" : "light";
  }

  colour();
  system.addEventListener("change", colour);
  addEventListener("colours", (event) => { here = event.detail; colour(); });
  addEventListener("storage", () => { here = null; colour(); }); // chosen in another tab
  if (read("nav") === "narrow") root.classList.add("nav-narrow");
  root.classList.add("js");
})();
