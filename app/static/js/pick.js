// The picker: a row is chosen by double-click, or with the arrow keys and Enter; its button works without a script.
const table = document.querySelector("[data-pick]");

if (table) {
  const rows = [...table.querySelectorAll("[data-row]")];
  const choose = (row) => row.querySelector("form").requestSubmit();

  rows.forEach((row, place) => {
    row.addEventListener("dblclick", () => choose(row));
    row.addEventListener("keydown", (event) => {
      if (event.target !== row) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        rows[place + step]?.focus();
      } else if (event.key === "Enter") {
        event.preventDefault();
        choose(row);
      }
    });
  });
  rows[0]?.focus();
}
