// The page of a case: a mark beside each declared field opens the reason for that field, and groups count their reasons.
const decide = document.querySelector("#decide");

function count(group) {
  const given = [...group.querySelectorAll("[data-reason]")].filter((field) => field.value.trim()).length;
  group.querySelector("[data-count]").textContent = given ? `(${given})` : "";
  if (given) group.open = true;
}

for (const group of document.querySelectorAll("[data-reasons]")) {
  count(group);
  group.addEventListener("input", () => count(group));
}

// While a return is open, every declared field offers to give its reason; with several such forms, in the open one.
const page = document.querySelector(".case-review");
const steps = [...(decide?.querySelectorAll(".step") ?? [])];

function openStep() {
  return steps.find((step) => step.open && step.querySelector("[data-reason]"));
}

function flagging() {
  page?.classList.toggle("flagging", Boolean(openStep()));
}

function reasonFor(name) {
  const field = openStep()?.querySelector(`[data-reason="${name}"]`);
  if (!field) return;
  field.closest("[data-reasons]").open = true;
  field.focus();
}

const names = new Set([...(decide?.querySelectorAll("[data-reason]") ?? [])].map((field) => field.dataset.reason));
for (const name of names) {
  const label = document.getElementById(`said-${name}`)?.querySelector("dt, h2, h3");
  if (!label) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "flag";
  button.textContent = decide.dataset.flag;
  button.addEventListener("click", () => reasonFor(name));
  label.append(" ", button);
}
for (const step of steps) step.addEventListener("toggle", flagging);
flagging();
