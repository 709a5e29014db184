// What every page does beside its links and forms. All of it is a comfort: the pages work without.

import { send, tell } from "./send.js";
import { words } from "./words.js";

const said = words("page");

// Light and dark.
document.querySelectorAll("[data-theme-toggle]").forEach((button) => button.addEventListener("click", () => {
  const dark = document.documentElement.dataset.bsTheme !== "dark";
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
  try { localStorage.setItem("theme", dark ? "dark" : "light"); } catch { /* it lasts for this page then */ }
}));

// The other language of this very page, with its filters.
document.querySelectorAll("a[data-language]").forEach((link) => {
  const here = new URL(location.href);
  here.searchParams.set("_l_", link.hreflang.slice(0, 2));
  link.href = here.pathname + here.search;
});

// The menu: a drawer on a phone; folded groups stay folded on this machine.
const toggle = document.getElementById("nav-toggle");
toggle?.addEventListener("click", () => {
  const open = document.body.classList.toggle("nav-open");
  toggle.setAttribute("aria-expanded", String(open));
  if (open) document.querySelector("#nav a")?.focus();
});
document.addEventListener("click", (event) => {
  if (document.body.classList.contains("nav-open") && !event.target.closest("#nav, #nav-toggle")) toggle.click();
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (document.body.classList.contains("nav-open")) { toggle.click(); toggle.focus(); }
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
});
document.querySelectorAll("details[data-group]").forEach((group) => {
  const name = `fold-${group.dataset.group}`;
  try { if (localStorage.getItem(name) === "1" && !group.querySelector("[aria-current]")) group.open = false; } catch { return; }
  group.addEventListener("toggle", () => { try { localStorage.setItem(name, group.open ? "0" : "1"); } catch { /* not kept */ } });
});

// Lists: tick all, count what is ticked, send a select at once, show a sealed value.
const ticks = [...document.querySelectorAll("[data-tick]")];
const all = document.querySelector("[data-tick-all]");
const count = document.querySelector("[data-bulk-count]");
function showTicked() {
  const ticked = ticks.filter((tick) => tick.checked).length;
  if (all) { all.checked = ticked > 0 && ticked === ticks.length; all.indeterminate = ticked > 0 && ticked < ticks.length; }
  if (count) { count.hidden = ticked === 0; count.textContent = said.ticked.replace("{n}", ticked); }
  document.querySelectorAll("[data-bulk] button").forEach((button) => { button.disabled = ticked === 0; });
}
all?.addEventListener("change", () => { ticks.forEach((tick) => { tick.checked = all.checked; }); showTicked(); });
ticks.forEach((tick) => tick.addEventListener("change", showTicked));
if (document.querySelector("[data-bulk]")) { showTicked(); window.addEventListener("pageshow", showTicked); }
document.querySelectorAll("[data-submit]").forEach((field) => field.addEventListener("change", () => field.form.requestSubmit()));

document.querySelectorAll("[data-more]").forEach((button) => button.addEventListener("click", () => {
  button.setAttribute("aria-expanded", String(button.form.classList.toggle("open")));
}));

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-reveal]");
  if (!button) return;
  const shown = button.closest(".sealed").querySelector("[data-sealed]");
  button.disabled = true;
  try {
    const answer = await send(button.dataset.url, { key: button.dataset.key, field: button.dataset.reveal });
    shown.textContent = answer.value;
    button.remove();
  } catch (error) {
    button.disabled = false;
    if (error.message !== "login") tell(error.message, true);
  }
});

// Forms: the summary of errors gets the focus; leaving with unsaved changes is asked about; ready sentences.
document.getElementById("problems")?.focus();
document.querySelectorAll("form[data-guard]").forEach((form) => {
  let touched = Boolean(document.getElementById("problems"));
  form.addEventListener("input", () => { touched = true; });
  form.addEventListener("submit", () => { touched = false; });
  window.addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });
});
document.querySelectorAll("form[method=post]").forEach((form) => form.addEventListener("submit", () => {
  // One click is one act; the keys of the page make a second one harmless, and this makes it rare.
  if (!form.target) setTimeout(() => form.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = true; }));
}));
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[method=post]:not([data-bulk]) button[type=submit]").forEach((button) => { button.disabled = false; });
});
document.querySelectorAll("[data-insert]").forEach((button) => button.addEventListener("click", () => {
  const field = document.getElementById(button.dataset.insert);
  field.value += (field.value && !field.value.endsWith("\n") ? "\n" : "") + button.textContent.trim();
  field.focus();
}));
document.querySelectorAll("[data-back]").forEach((button) => button.addEventListener("click", () => history.back()));
