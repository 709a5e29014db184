// A list for the printer: the button opens the browser's own print dialogue.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
