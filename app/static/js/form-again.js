// Logging in again in place: the page stays, its tokens become fresh, and only the account that opened it goes on.

import { words } from "./words.js";

/** The server does not know this browser any more, or the token of the page is of an earlier session. */
export class Ended extends Error {}

const dialog = document.getElementById("again");
const word = document.querySelector("[data-who]")?.dataset.who ?? "";
const { failed } = words("again");
let token = "";
let declined = false;
let open = null; // the one question that is asked now

function refresh() {
  document.querySelector('meta[name="csrf"]')?.setAttribute("content", token);
  for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = token;
}

async function ask(url, values, once = false) {
  const body = values && new URLSearchParams({ ...values, who: word });
  try {
    const answer = await fetch(body ? url : `${url}?who=${encodeURIComponent(word)}`, {
      method: body ? "POST" : "GET", body, redirect: "manual",
      headers: { Accept: "application/json", ...(token && { "X-CSRFToken": token }) },
    });
    if (body && !once && answer.status === 401) { // the token is not of this browser's cookie: another tab was given a newer one
      await ask(dialog.dataset.state);
      return await ask(url, values, true);
    }
    const told = await answer.json();
    if (told.csrf) token = told.csrf;
    return told;
  } catch {
    return { message: failed };
  }
}

function show(step, message = "") {
  const shown = ["out", "code", "other"].includes(step) ? step : "other";
  for (const part of dialog.querySelectorAll("[data-step]")) part.hidden = part.dataset.step !== shown;
  const part = dialog.querySelector(`[data-step="${shown}"]`);
  part.querySelector(".again-fault").textContent = message;
  if (!dialog.open) dialog.showModal();
  part.querySelector("input, button").focus();
}

/** What the server has told: done, or the next question. */
function goOn(told, step, settle) {
  if (told.state === "in") { refresh(); settle(true); return; }
  show(told.state ?? step, told.message);
}

function question(told) {
  return new Promise((settled) => {
    const listening = new AbortController();
    const settle = (result) => { listening.abort(); dialog.close(); settled(result); };
    const listen = (name, does) => dialog.addEventListener(name, does, { signal: listening.signal });
    const password = dialog.querySelector("#again-password");
    const code = dialog.querySelector("#again-code");
    listen("submit", async (event) => {
      event.preventDefault();
      const step = event.target.dataset.step;
      const button = event.target.querySelector("[type=submit]");
      button.disabled = true;
      const values = step === "code" ? { code: code.value } : { password: password.value };
      const answer = await ask(dialog.dataset[step === "code" ? "code" : "password"], values);
      button.disabled = false;
      password.value = "";
      code.value = "";
      goOn(answer, step, settle);
    });
    listen("click", async (event) => {
      if (event.target.closest("[data-decline]")) settle(false);
      else if (event.target.closest("[data-retry]")) goOn(await ask(dialog.dataset.state), "other", settle);
    });
    listen("cancel", (event) => { event.preventDefault(); settle(false); });
    show(told.state, told.message);
  });
}

/**
 * True when the account of this page is in again, null when its owner would rather not, false when nobody answers.
 * `asked`: by a click, so a refusal a moment ago is no answer.
 */
export async function again({ asked = false } = {}) {
  if (!dialog || !word) return false;
  open ??= (async () => {
    const told = await ask(dialog.dataset.state);
    if (told.state === "in") { refresh(); return true; }
    if (!told.state) return false;
    if (declined && !asked) return null;
    declined = !(await question(told));
    return declined ? null : true;
  })().finally(() => { open = null; });
  return open;
}
