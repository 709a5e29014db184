// The rows of a list: on a phone each value says its column, and a masked value has a button that shows it in full.
for (const table of document.querySelectorAll("table.rows")) {
  const labels = [...table.tHead.rows[0].cells].map((head) => (head.classList.contains("acts") || head.classList.contains("tick") ? "" : head.textContent.trim()));
  for (const row of table.tBodies[0].rows) {
    for (const cell of row.cells) {
      if (labels[cell.cellIndex]) cell.dataset.label = labels[cell.cellIndex];
      if (cell.dataset.field) mask(table, row, cell);
    }
  }
}

function mask(table, row, cell) {
  const shown = document.createElement("span");
  shown.className = "sealed-text";
  shown.dataset.sealed = "";
  shown.textContent = cell.textContent;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-ghost-secondary btn-icon";
  button.title = table.dataset.revealLabel;
  button.setAttribute("aria-label", table.dataset.revealLabel);
  Object.assign(button.dataset, { reveal: cell.dataset.field, key: row.dataset.key, url: table.dataset.revealUrl });
  button.append(table.parentElement.querySelector("[data-eye]").content.cloneNode(true));
  const sealed = document.createElement("span");
  sealed.className = "sealed";
  sealed.append(shown, button);
  cell.replaceChildren(sealed);
}
