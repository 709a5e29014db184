// The live pre-check: while one types, the server is asked what its rules say, and the answer stands beside the form.
import { again } from "./form-again.js";

const panel = document.querySelector("[data-precheck]");
const form = panel && document.getElementById(panel.dataset.form);

const lost = panel?.querySelector("[data-lost]");
const ENDED = 401; // nobody is logged in, or the token is of a session that is over
const PAUSE = 600; // milliseconds after the last key
const QUIET = new Set(["complete", "attachments"]); // what is still empty is said at a field only once it was touched

const touched = new Set();
let waiting = 0;
let asked = 0;

function element(name, classes, text) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  if (text) made.textContent = text; // never as HTML: findings may hold what somebody typed
  return made;
}

function lineOf(line) {
  const item = element("li", `checklist-line checklist-${line.tone}`);
  item.dataset.rule = line.rule;
  const mark = element("span", "checklist-mark");
  mark.append(panel.querySelector(`[data-mark="${line.tone}"]`).content.cloneNode(true));
  const said = element("div");
  const label = element("p", "checklist-label", `${line.label} `);
  label.append(element("small", "", line.clause));
  said.append(label);
  if (line.findings.length) {
    const list = element("ul", "checklist-findings");
    list.append(...line.findings.map((found) => element("li", "", found.message)));
    said.append(list);
  }
  item.append(mark, said);
  return item;
}

// A form that came back says its faults itself: the same sentence is not said twice, and what was put right since is
// not said any more.
function notSaidYet(place, found) {
  const told = [...place.parentElement.querySelectorAll(".invalid-feedback")].map((one) => one.textContent).join(" ");
  const fresh = found.filter((one) => !told.includes(one.message));
  const came = place.parentElement.querySelector(":scope > .field-errors");
  if (!came) return fresh;
  const right = touched.has(place.dataset.finding) && found.length === 0;
  const control = place.parentElement.querySelector("[aria-invalid]");
  came.hidden = right;
  control?.classList.toggle("is-invalid", !right);
  control?.setAttribute("aria-invalid", String(!right));
  place.parentElement.classList.toggle("field-wrong", !right);
  return fresh;
}

function showAtFields(answer) {
  const said = {};
  for (const line of answer.lines) {
    for (const found of line.findings) {
      if (found.field && (!QUIET.has(line.rule) || touched.has(found.field))) {
        (said[found.field] ??= []).push(found);
      }
    }
  }
  for (const [field, message] of Object.entries(answer.faults)) said[field] = [{ message, severity: "error" }];
  for (const place of form.querySelectorAll("[data-finding]")) {
    const found = notSaidYet(place, said[place.dataset.finding] ?? []);
    place.textContent = found.map((one) => one.message).join(" ");
    place.hidden = found.length === 0;
    place.classList.toggle("field-warning", found.every((one) => one.severity === "warning"));
  }
  for (const paper of form.querySelectorAll("[data-paper]")) {
    paper.classList.toggle("paper-needed", answer.needed.includes(paper.dataset.paper));
  }
}

function show(answer) {
  const sum = panel.querySelector("[data-sum]");
  sum.textContent = answer.sum;
  sum.className = `checklist-sum checklist-${answer.ready ? "green" : "red"}`;
  panel.querySelector("[data-lines]").replaceChildren(...answer.lines.map(lineOf));
  for (const [name, text] of Object.entries(answer.follows)) {
    const shown = document.getElementById(`f-${name}`);
    if (shown) shown.textContent = text || "—";
  }
  showAtFields(answer);
}

function typed() {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}

async function ask() {
  const mine = ++asked;
  let answer;
  try {
    answer = await fetch(panel.dataset.precheck, {
      method: "POST", body: typed(), headers: { Accept: "application/json" }, redirect: "manual",
    });
  } catch {
    return; // no network now: the next key asks again, and the server asks anyway when the form is sent
  }
  if (mine !== asked) return; // a later question is under way
  lost.hidden = answer.status !== ENDED;
  if (answer.status === ENDED && (await again())) ask();
  else if (answer.ok) show(await answer.json());
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE);
}

if (form) {
  const noticed = (event) => {
    if (event.target.name) touched.add(event.target.name.replace(/^(file-|held-)/, "attachment_"));
    soon();
  };
  form.addEventListener("input", noticed);
  form.addEventListener("change", noticed);
  // Somebody may have logged in in another tab meanwhile.
  window.addEventListener("focus", () => { if (!lost.hidden) ask(); });
  ask();
}
