// Dates: typed in any usual way and written as YYYY-MM-DD, or chosen from a calendar that the keyboard can use.

import { words } from "./words.js";

const said = words("datepicker");
const chinese = document.documentElement.lang.startsWith("zh");
// A phone's own picker serves better than ours; a browser without shared styles could not show the calendar.
const native = matchMedia("(pointer: coarse)").matches || !("adoptedStyleSheets" in Document.prototype);
const OLDEST = 1930;
const AHEAD = 20; // years

let panel = null; // there is one calendar, which moves to the field that asks for it
let owner = null;

export function written(typed) {
  const parts = /^\s*(\d{4})\s*[-./年]?\s*(\d{1,2})\s*[-./月]?\s*(\d{1,2})\s*日?\s*$/.exec(typed);
  if (!parts) return typed;
  const [year, month, day] = parts.slice(1).map(Number);
  const real = new Date(Date.UTC(year, month - 1, day));
  if (real.getUTCMonth() !== month - 1 || real.getUTCDate() !== day) return typed;
  return real.toISOString().slice(0, 10);
}

function today() {
  const now = new Date();
  return new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())).toISOString().slice(0, 10);
}

function made(name, className, attributes = {}, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function icon(name, attributes = {}) {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawn.setAttribute("class", "icon");
  drawn.setAttribute("aria-hidden", "true");
  for (const [key, value] of Object.entries(attributes)) drawn.setAttribute(key, value);
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${said.icons}#${name}`);
  drawn.append(use);
  return drawn;
}

function set(value) {
  if (owner.value !== value) {
    owner.value = value;
    for (const name of ["input", "change"]) owner.dispatchEvent(new Event(name, { bubbles: true }));
  }
}

function buttonOf(field) {
  return field.parentElement.querySelector(".date-open");
}

function close(back = true) {
  if (!owner) return;
  const button = buttonOf(owner);
  button.setAttribute("aria-expanded", "false");
  panel.hidden = true;
  owner = null;
  if (back) button.focus();
}

function select(label) {
  return made("select", "form-select form-select-sm", { "aria-label": label });
}

function head(least, most, near, turn) {
  const year = select(said.year);
  for (let number = Number(most.slice(0, 4)); number >= Number(least.slice(0, 4)); number -= 1) year.append(new Option(number, number));
  const month = select(said.month);
  const name = new Intl.DateTimeFormat(document.documentElement.lang, { month: chinese ? "long" : "short", timeZone: "UTC" });
  for (let number = 1; number <= 12; number += 1) {
    month.append(new Option(name.format(new Date(Date.UTC(2000, number - 1, 1))), String(number).padStart(2, "0")));
  }
  const show = (day) => { year.value = day.slice(0, 4); month.value = day.slice(5, 7); };
  show(near);
  for (const one of [year, month]) one.addEventListener("change", () => turn(year.value, month.value));
  return { show, row: made("div", "date-head", { slot: "heading" }, ...(chinese ? [year, month] : [month, year])) };
}

// A calendar is made anew each time, so that it opens with its limits and its month already known.
function build(field) {
  const value = /^\d{4}-\d\d-\d\d$/.test(field.value) ? field.value : "";
  const least = field.min || `${OLDEST}-01-01`;
  const most = field.max || `${Number(today().slice(0, 4)) + AHEAD}-12-31`;
  const near = value || [least, today(), most].sort()[1]; // today, or the nearest day that may be chosen
  const calendar = made("calendar-date", "", {
    locale: chinese ? "zh-CN" : "en-GB", "format-weekday": chinese ? "narrow" : "short",
    min: least, max: most, value, "focused-date": near,
  });
  // The buttons of the calendar are named by what is put into them.
  for (const [slot, mark] of [["previous", "chevron-left"], ["next", "chevron-right"]]) {
    calendar.append(made("span", "date-turn", { slot }, icon(mark), made("span", "visually-hidden", {}, said[slot])));
  }
  const { show, row } = head(least, most, near, (year, month) => {
    const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
    const day = Math.min(Number((calendar.focusedDate || near).slice(8)), last);
    calendar.focusedDate = `${year}-${month}-${String(day).padStart(2, "0")}`;
  });
  calendar.append(row, made("calendar-month"));
  calendar.addEventListener("focusday", (event) => show(event.detail.toISOString().slice(0, 10)));
  calendar.addEventListener("change", (event) => {
    if (event.target !== calendar) return; // the choice of a year or a month
    set(calendar.value);
    close();
  });
  return calendar;
}

function foot() {
  const row = made("div", "date-foot");
  for (const [name, act] of [
    ["today", () => { set(today()); close(); }], ["clear", () => { set(""); close(); }], ["close", () => close()]]) {
    const button = made("button", "btn btn-sm", { type: "button" }, said[name]);
    button.addEventListener("click", act);
    row.append(button);
  }
  return row;
}

function keys(event) {
  if (event.key === "Escape") {
    event.stopPropagation();
    close();
  } else if (event.key === "Tab") {
    const order = [...panel.querySelectorAll("select, calendar-date, .date-foot button")];
    const first = order[0];
    const last = order.at(-1);
    if (event.shiftKey && document.activeElement === first) { event.preventDefault(); last.focus(); }
    if (!event.shiftKey && document.activeElement === last) { event.preventDefault(); first.focus(); }
  }
}

function place(field) {
  const box = field.parentElement.getBoundingClientRect();
  const width = panel.offsetWidth;
  const height = panel.offsetHeight;
  const below = box.bottom + height + 8 <= innerHeight || box.top - height - 8 < 0;
  panel.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8)) + scrollX}px`;
  panel.style.top = `${(below ? box.bottom + 4 : box.top - height - 4) + scrollY}px`;
}

function focusDay(calendar, patience = 30) {
  // The calendar draws itself some moments after it was put into the page.
  const day = calendar.querySelector("calendar-month")?.shadowRoot?.querySelector('button[tabindex="0"]');
  if (day) day.focus();
  else if (patience > 0 && owner) requestAnimationFrame(() => focusDay(calendar, patience - 1));
}

async function open(field) {
  await import(said.calendar);
  close(false);
  if (!panel) {
    panel = made("div", "date-panel", { role: "dialog" });
    panel.addEventListener("keydown", keys);
    document.body.append(panel);
  }
  owner = field;
  const calendar = build(field);
  panel.replaceChildren(calendar, foot());
  panel.setAttribute("aria-label", buttonOf(field).getAttribute("aria-label"));
  panel.hidden = false;
  buttonOf(field).setAttribute("aria-expanded", "true");
  place(field);
  requestAnimationFrame(() => { if (owner) { place(owner); focusDay(calendar); } });
}

export function enhance(field) {
  if (native || field.closest(".dated")) return;
  const label = field.getAttribute("aria-label") ?? field.labels?.[0]?.textContent.trim() ?? "";
  const wrap = made("div", "dated");
  field.replaceWith(wrap);
  field.type = "text";
  if (!field.value) field.value = field.defaultValue; // a day that does not exist is shown as it was typed
  Object.assign(field, { autocomplete: "off", inputMode: "numeric", maxLength: 12, placeholder: field.placeholder || said.format });
  const button = made("button", "date-open", {
    type: "button", "aria-label": label ? `${said.open}: ${label}` : said.open, "aria-haspopup": "dialog", "aria-expanded": "false",
  }, icon("calendar"));
  wrap.append(field, button);
  field.addEventListener("change", () => { field.value = written(field.value); });
  field.addEventListener("keydown", (event) => {
    if (event.altKey && event.key === "ArrowDown") { event.preventDefault(); open(field); }
  });
  button.addEventListener("click", () => (owner === field ? close() : open(field)));
}

export function enhanceAll(root = document) {
  root.querySelectorAll("[data-datepicker]").forEach(enhance);
}

document.addEventListener("pointerdown", (event) => {
  if (owner && !panel.contains(event.target) && !owner.parentElement.contains(event.target)) close(false);
});
window.addEventListener("resize", () => { if (owner) place(owner); });
enhanceAll();
