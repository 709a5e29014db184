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

// In a return, a click on the name of a declared field leads to its reason.
for (const field of decide?.querySelectorAll("[data-reason]") ?? []) {
  const said = document.getElementById(`said-${field.dataset.reason}`);
  const name = said?.querySelector("dt, h2, h3");
  if (!name || name.dataset.flagged) continue;
  name.dataset.flagged = "yes";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "flag";
  button.textContent = decide.dataset.flag;
  button.addEventListener("click", () => {
    for (let above = field.closest("details"); above; above = above.parentElement.closest("details")) above.open = true;
    field.focus();
  });
  name.append(" ", button);
}
