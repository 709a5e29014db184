// Telling people what happened, and sending a form's values without leaving the page.

import { words } from "./words.js";

const said = words("page");

export function tell(text, bad = false) {
  const note = document.createElement("div");
  note.className = bad ? "toast-note bad" : "toast-note";
  note.textContent = text;
  document.getElementById("toasts")?.append(note);
  setTimeout(() => note.remove(), bad ? 12000 : 6000);
}

export async function send(url, values) {
  const body = values instanceof FormData ? values : new URLSearchParams(values);
  const answer = await fetch(url, {
    method: "POST", body,
    headers: { Accept: "application/json", "X-CSRFToken": document.querySelector('meta[name="csrf"]').content },
  });
  if (answer.status === 401) {
    tell(said.login, true);
    throw new Error("login");
  }
  const told = await answer.json().catch(() => ({ message: said.failed }));
  if (!answer.ok) throw new Error(told.message || said.failed);
  return told;
}
