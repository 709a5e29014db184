// Lists: rows stay selected across pages, filters open where they stand, columns are moved. All works without, page by page.

import { words } from "./words.js";
import { tell } from "./send.js";

const said = words("list");
const bar = document.querySelector("[data-selecting]");
const form = document.getElementById("bulk");
const ticks = [...document.querySelectorAll(".rows input[name=ids]")];
const whole = document.querySelector("[data-tick-all]");
const matching = document.querySelector("[data-matching]");
const MOST = 1000;
const name = bar && `ticks ${bar.dataset.selecting} ${bar.dataset.filter}`;
const keyOf = (ticket) => ticket.split(":")[0];

// What is selected: tickets by key, or everything that matches but the exceptions.
function read() {
  try { return { ticked: {}, matching: false, except: [], ...JSON.parse(sessionStorage.getItem(name) || "{}") }; } catch { return { ticked: {}, matching: false, except: [] }; }
}

function write(held) {
  try {
    if (held.matching || Object.keys(held.ticked).length) sessionStorage.setItem(name, JSON.stringify(held));
    else sessionStorage.removeItem(name);
  } catch { /* the selection lasts for this page then */ }
}

let held = { ticked: {}, matching: false, except: [] };

function isOn(key) {
  return held.matching ? !held.except.includes(key) : key in held.ticked;
}

function show() {
  for (const tick of ticks) {
    tick.checked = isOn(keyOf(tick.value));
    tick.closest("tr").classList.toggle("ticked", tick.checked);
  }
  const here = ticks.filter((tick) => tick.checked).length;
  if (whole) { whole.checked = here > 0 && here === ticks.length; whole.indeterminate = here > 0 && here < ticks.length; }
  const total = Number(bar.dataset.total) - held.except.length;
  const count = held.matching ? total : Object.keys(held.ticked).length;
  const shown = `${count.toLocaleString()}${held.matching && bar.dataset.capped === "1" ? "+" : ""}`;
  const counter = bar.querySelector("[data-count]");
  if (counter) { counter.hidden = count === 0; counter.textContent = said.selected.replace("{n}", shown); }
  if (matching) matching.checked = held.matching;
  bar.classList.toggle("has-ticks", count > 0);
  const clear = bar.querySelector("[data-unselect]");
  if (clear) clear.hidden = count === 0;
  bar.querySelectorAll("[data-act]").forEach((button) => { button.disabled = count === 0; });
}

function set(tick, on) {
  const key = keyOf(tick.value);
  if (held.matching) {
    held.except = held.except.filter((one) => one !== key);
    if (!on) held.except.push(key);
  } else if (on) held.ticked[key] = tick.value;
  else delete held.ticked[key];
}

function full() {
  const count = held.matching ? held.except.length : Object.keys(held.ticked).length;
  if (count <= MOST) return false;
  tell(said.most.replace("{n}", MOST), true);
  return true;
}

function change(changed, on) {
  const before = structuredClone(held);
  changed.forEach((tick) => set(tick, on));
  if (full()) held = before;
  write(held);
  show();
}

if (bar && form) {
  let last = null;
  ticks.forEach((tick, place) => tick.addEventListener("click", (event) => {
    const from = event.shiftKey && last !== null ? last : place;
    change(ticks.slice(Math.min(from, place), Math.max(from, place) + 1), tick.checked);
    last = place;
  }));
  whole?.addEventListener("change", () => change(ticks, whole.checked));
  matching?.addEventListener("change", () => { held = { ticked: {}, matching: matching.checked, except: [] }; write(held); show(); });
  bar.querySelector("[data-unselect]")?.addEventListener("click", () => {
    held = { ticked: {}, matching: false, except: [] };
    write(held); show();
    (whole || matching)?.focus();
  });
  // What is ticked on other pages goes with the form; a page that comes back out of the browser's memory shows what holds now.
  form.addEventListener("submit", () => {
    form.querySelectorAll("[data-carried]").forEach((field) => field.remove());
    const here = new Set(ticks.map((tick) => keyOf(tick.value)));
    const carried = held.matching ? held.except.map((key) => ["except", key])
      : Object.entries(held.ticked).filter(([key]) => !here.has(key)).map(([, ticket]) => ["ids", ticket]);
    for (const [field, value] of carried) {
      const input = Object.assign(document.createElement("input"), { type: "hidden", name: field, value });
      input.dataset.carried = "";
      form.append(input);
    }
    // A file comes without a new page: the buttons are wanted again.
    setTimeout(() => { form.querySelectorAll("button").forEach((button) => { button.disabled = false; }); show(); }, 1500);
  });
  window.addEventListener("pageshow", () => { held = read(); show(); });
  held = read();
  show();
}

// The editor of a filter stands under its chip and inside the card.
document.querySelectorAll(".chip details").forEach((chip) => chip.addEventListener("toggle", () => {
  if (!chip.open) return;
  const editor = chip.querySelector(".chip-editor"), finder = chip.closest(".finder");
  const room = finder.clientWidth - editor.offsetWidth - 8;
  editor.style.left = `${Math.max(8, Math.min(chip.offsetLeft, room))}px`;
  editor.style.top = `${chip.offsetTop + chip.offsetHeight + 4}px`;
  editor.querySelector("input:not([type=hidden])")?.focus();
}));
document.querySelectorAll(".chip-editor input[type=radio]").forEach((radio) => {
  let was = radio.checked;
  // A named period can be taken back, and days that are typed take its place.
  radio.addEventListener("click", () => {
    if (was) radio.checked = false;
    const now = radio.checked;
    radio.closest(".picks").querySelectorAll("input").forEach((one) => one.dispatchEvent(new Event("reset-pick")));
    was = now;
    if (now) radio.closest(".chip-editor").querySelectorAll("input[type=date]").forEach((day) => { day.value = ""; });
  });
  radio.addEventListener("reset-pick", () => { was = false; });
});

// A relation: what the server finds for the typed part of a name, as boxes to tick.
document.querySelectorAll("[data-offer]").forEach((box) => {
  const list = box.parentElement.querySelector("[data-offered]");
  let waiting = 0, asked = 0;
  async function ask() {
    const mine = ++asked;
    const answer = await fetch(`${box.dataset.offer}?q=${encodeURIComponent(box.value.trim())}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || mine !== asked) return;
    const found = await answer.json();
    [...list.children].forEach((line) => { if (!line.querySelector("input:checked")) line.remove(); });
    const chosen = new Set([...list.querySelectorAll("input")].map((input) => input.value));
    for (const one of found.items.filter((item) => !chosen.has(item.value))) {
      const line = document.createElement("label");
      line.append(Object.assign(document.createElement("input"), { type: "checkbox", name: list.dataset.offered, value: one.value }), one.text);
      list.append(line);
    }
    if (!list.children.length || found.more) list.append(Object.assign(document.createElement("p"), { className: "form-hint", textContent: found.more ? said.more : said.none }));
  }
  box.addEventListener("focus", () => { if (!list.children.length) ask(); });
  box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 250); });
  // What was typed to find a row is no filter itself once a row is chosen.
  list.addEventListener("change", () => { if (list.querySelector("input:checked")) box.value = ""; });
});

// Columns: arrows and dragging move a line; the form sends them in their order.
document.querySelectorAll("[data-columns]").forEach((chooser) => {
  let dragged = null;
  for (const line of chooser.querySelectorAll("li")) {
    for (const [way, sign] of [["up", "↑"], ["down", "↓"]]) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: sign });
      button.setAttribute("aria-label", said[way].replace("{name}", line.textContent.replace(/[↑↓]/g, "").trim()));
      button.dataset.move = way;
      line.append(button);
    }
  }
  chooser.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const line = button.closest("li"), up = button.dataset.move === "up";
    const other = up ? line.previousElementSibling : line.nextElementSibling;
    if (other) { if (up) other.before(line); else other.after(line); }
    button.focus();
  });
  chooser.addEventListener("dragstart", (event) => { dragged = event.target.closest("li"); dragged?.classList.add("dragged"); });
  chooser.addEventListener("dragend", () => { dragged?.classList.remove("dragged"); dragged = null; });
  chooser.addEventListener("dragover", (event) => {
    const line = event.target.closest("li");
    if (!dragged || !line || line === dragged) return;
    event.preventDefault();
    const { top, height } = line.getBoundingClientRect();
    if (event.clientY < top + height / 2) line.before(dragged); else line.after(dragged);
  });
});
