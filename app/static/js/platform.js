// What every page does beside its links and forms. All of it is a comfort: the pages work without.

import { send, tell } from "./send.js";
import { words } from "./words.js";

const said = words("page");

// Light, dark, or as the system has it.
const root = document.documentElement;
const colours = [...document.querySelectorAll("[data-colours]")].filter((one) => one !== root);
function showColours() {
  colours.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.colours === root.dataset.colours)));
}
colours.forEach((button) => button.addEventListener("click", () => {
  try { localStorage.setItem("theme", button.dataset.colours); } catch { /* storage may be switched off */ }
  window.dispatchEvent(new CustomEvent("colours", { detail: button.dataset.colours })); // theme.js colours the page
  showColours();
}));
window.addEventListener("storage", showColours);
showColours();

// Menus of the bar: shut by a click elsewhere and by Escape, which leads back to their button.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
});

// Lists: an act that was done takes its rows out of what is ticked, logging out takes all; a select is sent at once.
function forget(wanted, keys) {
  try {
    for (const name of Object.keys(sessionStorage).filter((one) => one.startsWith(`ticks ${wanted}`))) {
      const held = JSON.parse(sessionStorage.getItem(name));
      keys.forEach((key) => delete held.ticked[key]);
      if (keys.length && !held.matching && Object.keys(held.ticked).length) sessionStorage.setItem(name, JSON.stringify(held));
      else sessionStorage.removeItem(name);
    }
  } catch { /* nothing was kept */ }
}
document.querySelectorAll("[data-acted]").forEach((told) => {
  const [screen, ...keys] = told.dataset.acted.split(" ");
  forget(`${screen} `, keys);
});
document.querySelectorAll("form[data-logout]").forEach((form) => form.addEventListener("submit", () => forget("", [])));
document.querySelectorAll("[data-submit]").forEach((field) => field.addEventListener("change", () => field.form.requestSubmit()));

document.querySelectorAll("[data-more]").forEach((button) => button.addEventListener("click", () => {
  button.setAttribute("aria-expanded", String(button.form.classList.toggle("open")));
}));

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-reveal]");
  if (!button) return;
  event.preventDefault(); // without this script it is a form, which leads to a page
  const shown = button.closest(".sealed").querySelector("[data-sealed]");
  button.disabled = true;
  try {
    const answer = await send(button.dataset.url, { key: button.dataset.key, field: button.dataset.reveal });
    shown.textContent = answer.value;
    (button.form ?? button).remove();
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
  // A form that names its target asks for a file, which leaves the page and its buttons where they are.
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
