// The workbench of a case: its panes, the marks of what changed, reasons beside the fields, and the bar of the steps.

const words = JSON.parse(document.getElementById("bench-words").textContent);
const ready = JSON.parse(document.getElementById("bench-ready").textContent);
const bench = document.querySelector("[data-bench]");

function kept(name, value) {
  try {
    if (value === undefined) return localStorage.getItem(name);
    localStorage.setItem(name, value);
  } catch { /* storage may be switched off: it lasts for this page then */ }
  return null;
}

// The divider between the data and the papers: dragged, or moved with the arrow keys.
const panes = bench.querySelector("[data-panes]");
const divider = bench.querySelector("[data-divider]");

function divide(percent) {
  const share = Math.min(75, Math.max(25, Math.round(percent)));
  panes.style.setProperty("--bench-left", `${share}%`);
  divider.setAttribute("aria-valuenow", String(share));
  kept("bench-left", String(share));
}

divider.hidden = false;
if (kept("bench-left")) divide(Number(kept("bench-left")) || 50);
divider.addEventListener("pointerdown", (event) => {
  divider.setPointerCapture(event.pointerId);
  const area = panes.getBoundingClientRect();
  const move = (moved) => divide((100 * (moved.clientX - area.left)) / area.width);
  divider.addEventListener("pointermove", move);
  divider.addEventListener("pointerup", () => divider.removeEventListener("pointermove", move), { once: true });
});
divider.addEventListener("keydown", (event) => {
  const by = { ArrowLeft: -2, ArrowRight: 2, PageUp: -10, PageDown: 10 }[event.key];
  if (!by) return;
  event.preventDefault();
  divide(Number(divider.getAttribute("aria-valuenow")) + by);
});

// Only what changed since the return.
const filter = bench.querySelector("[data-only-changed]");
if (filter) {
  filter.hidden = false;
  filter.querySelector("input").addEventListener("change", (event) => bench.classList.toggle("only-changed", event.target.checked));
}

// A reason beside a field: its ready sentences, and the sum of all reasons in the form of the return.
const steps = [...bench.querySelectorAll("[data-step]")];
const returning = steps.find((step) => "returns" in step.dataset);
const reasons = [...bench.querySelectorAll("[data-reason]")];

function given() {
  return reasons.filter((field) => field.value.trim());
}

function tell() {
  const found = given();
  const count = returning?.querySelector("[data-reason-count]");
  if (count) count.textContent = found.length ? `(${found.length})` : "";
  const list = returning?.querySelector("[data-given]");
  list?.replaceChildren(...found.map((field) => {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#said-${field.dataset.reason}`;
    link.textContent = field.closest(".bench-line, .strip-kind, .bench-block").querySelector("dt, .strip-label, h2").textContent.trim();
    line.append(link, `: ${field.value.trim()}`);
    return line;
  }));
  if (list) {
    returning.querySelector("[data-reasons-given]").hidden = !found.length;
    returning.querySelector("[data-reasons-none]").hidden = Boolean(found.length);
  }
  for (const note of bench.querySelectorAll("[data-unsent]")) {
    note.hidden = !found.length;
    note.textContent = found.length ? words.unsent.replace("{count}", found.length) : "";
  }
  for (const field of reasons) field.closest(".flag").classList.toggle("flag-given", Boolean(field.value.trim()));
}

for (const field of reasons) {
  const flag = field.closest(".flag");
  field.addEventListener("input", () => {
    tell();
    field.form.dispatchEvent(new Event("input"));
  });
  flag.addEventListener("toggle", () => {
    const place = flag.querySelector("[data-ready]");
    if (!flag.open) return;
    if (!place.childElementCount) {
      for (const text of ready[field.dataset.reason] ?? []) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-sm";
        button.textContent = text;
        button.addEventListener("click", () => {
          field.value += field.value.trim() ? text : text.trim();
          field.dispatchEvent(new Event("input"));
          field.focus();
        });
        place.append(button);
      }
    }
    field.focus({ preventScroll: true });
    // The sentences open below the field: whoever opens it at the edge of its pane would not see that there are any.
    flag.querySelector(".flag-body").scrollIntoView({ block: "nearest" });
  });
  field.addEventListener("keydown", (event) => {
    // Enter in a reason is no decision: it closes the reason.
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      flag.open = false;
      flag.querySelector("summary").focus();
    }
  });
}
if (reasons.length) tell();

// The steps: one form is open at a time, and it is closed again without a decision.
function close(step) {
  step.open = false;
  step.querySelector("summary").focus();
}

function open(step) {
  if (!step) return;
  for (const other of steps) if (other !== step) other.open = false;
  step.open = true;
  const first = step.querySelector(".step-anyway input") ?? ("returns" in step.dataset ? step.querySelector("textarea") : step.querySelector("[data-confirm]"));
  first?.focus({ preventScroll: true });
}

for (const step of steps) step.querySelector("[data-close-step]").addEventListener("click", () => close(step));
bench.addEventListener("bench:step", (event) => open(event.detail === "returns" ? returning : steps.find((one) => "forward" in one.dataset)));
bench.addEventListener("bench:close", () => {
  const opened = steps.find((one) => one.open);
  if (opened) close(opened);
});

// A link to a field opens the filter, so that what is linked to is there.
bench.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#said-"]');
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  if (getComputedStyle(target).display === "none") filter.querySelector("input").click();
  target.scrollIntoView({ block: "center", behavior: "auto" });
  target.classList.add("said-found");
  setTimeout(() => target.classList.remove("said-found"), 1600);
});
