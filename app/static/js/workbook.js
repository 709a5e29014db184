// A workbook that is too large or no workbook is refused before it is sent; the server asks the same questions again.

document.querySelectorAll("form[data-workbook]").forEach((form) => {
  const input = form.querySelector("input[type=file]");
  const fault = form.querySelector(".invalid-feedback");
  const waiting = form.querySelector("[data-waiting]");

  function check() {
    const file = input.files[0];
    let text = "";
    if (file && file.size > Number(form.dataset.most)) text = fault.dataset.tooBig;
    else if (file && !file.name.toLowerCase().endsWith(".xlsx")) text = fault.dataset.otherFormat;
    fault.textContent = text;
    input.classList.toggle("is-invalid", Boolean(text));
    return !text;
  }

  input.addEventListener("change", check);
  form.addEventListener("submit", (event) => {
    if (!check()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      input.focus();
    }
  }, true);
  form.addEventListener("submit", () => { waiting.hidden = false; }); // it is on its way
});
