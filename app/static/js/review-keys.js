// Single keys on the workbench: they move, open and turn, never decide, rest while one types, and can be switched off.

const bench = document.querySelector("[data-bench]");
const dialog = document.getElementById("keys");
const button = document.querySelector("[data-keys]");
const on = dialog.querySelector("[data-keys-on]");
const skip = dialog.querySelector("[data-skip-held]");
const NAME = "bench-keys";

try { on.checked = localStorage.getItem(NAME) !== "off"; } catch { /* on, then */ }
on.addEventListener("change", () => {
  try { localStorage.setItem(NAME, on.checked ? "on" : "off"); } catch { /* for this page */ }
});
skip.addEventListener("change", () => {
  document.cookie = `review-skip=${skip.checked ? "yes" : "no"}; path=/; max-age=31536000; samesite=lax`;
});
button.hidden = false;
button.addEventListener("click", () => dialog.showModal());

const go = (selector) => () => document.querySelector(selector)?.click();
const view = (act) => () => bench.dispatchEvent(new CustomEvent("bench:view", { detail: act }));
const step = (which) => () => bench.dispatchEvent(new CustomEvent("bench:step", { detail: which }));
const keys = {
  j: go("[data-next]"),
  k: go("[data-previous]"),
  l: go("[data-list]"),
  a: step("forward"),
  r: step("returns"),
  n: view("after"),
  p: view("before"),
  "+": view("larger"),
  "=": view("larger"),
  "-": view("smaller"),
  0: view("whole"),
  w: view("width"),
  "[": view("left"),
  "]": view("right"),
  c: view("compare"),
  f: view("full"),
  d: go("[data-only-changed] input"),
  "?": () => dialog.showModal(),
};

function typing(target) {
  return target.isContentEditable || target.closest("textarea, select, input:not([type=checkbox], [type=radio])");
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && !dialog.open && !document.fullscreenElement) {
    const flag = document.activeElement?.closest(".flag[open]");
    if (flag) {
      flag.open = false;
      flag.querySelector("summary").focus();
    } else bench.dispatchEvent(new CustomEvent("bench:close"));
    return;
  }
  if (dialog.open || !on.checked || event.repeat || typing(event.target)) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
