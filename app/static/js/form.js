// A form that is filled in: kept by itself while one types, asked about before it is left, its sections marked on the way.

import { again, Ended } from "./form-again.js";

const PAUSE = 10_000; // milliseconds from a change to its keeping
const LARGEST = 60_000; // characters; what is larger is kept by saving alone
const UNKEPT = new Set(["csrf_token", "key", "who"]);

const words = JSON.parse(document.getElementById("form-words")?.textContent ?? "{}");

/** What a form would send, without files, tokens and passwords, as pairs. */
function typed(form) {
  const secret = new Set([...form.querySelectorAll('input[type="password"]')].map((field) => field.name));
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !UNKEPT.has(name) && !secret.has(name));
}

class Keeping {
  constructor(form) {
    this.form = form;
    this.note = form.querySelector("[data-kept]");
    this.stored = this.now(); // as the page came; a form that came back unsaved is never equal to it
    this.kept = this.stored;
    this.leaving = false;
    this.timer = 0;
    if ("unsaved" in form.dataset) this.stored = "";
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", (event) => this.submitted(event), { capture: true });
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") this.keep({ closing: true }); });
    window.addEventListener("beforeunload", (event) => { if (this.unsaved && !this.leaving) event.preventDefault(); });
    window.addEventListener("pageshow", (event) => { if (event.persisted) this.leaving = false; });
  }

  now() {
    return JSON.stringify(typed(this.form));
  }

  get secretTyped() {
    return [...this.form.querySelectorAll('input[type="password"]')].some((field) => field.value);
  }

  get unsaved() {
    return this.now() !== this.stored || this.secretTyped;
  }

  changed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.surely(), PAUSE);
  }

  say(text, bad = false) {
    if (!this.note) return;
    this.note.textContent = text;
    this.note.classList.toggle("bad", bad);
  }

  /** Send what is typed to be kept. True when the server has it, or has no reason to; throws `Ended`. */
  async keep({ closing = false, always = false } = {}) {
    clearTimeout(this.timer);
    const form = this.form;
    const now = this.now();
    if (!form.dataset.keep || this.leaving || (!always && (now === this.kept || now.length > LARGEST))) return true;
    const version = form.dataset.version ? Number(form.dataset.version) : null;
    let answer;
    try {
      answer = await fetch(form.dataset.keep, {
        method: "POST", keepalive: closing, redirect: "manual",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value },
        body: JSON.stringify({ key: form.dataset.key, version, fields: JSON.parse(now) }),
      });
    } catch {
      if (!closing) this.say(words.unkept, true);
      return false;
    }
    if (answer.status === 401) {
      if (closing) return false;
      throw new Ended();
    }
    if (!answer.ok) { this.say((await answer.json().catch(() => ({}))).message ?? words.unkept, true); return answer.status < 500; }
    this.kept = now;
    const { kept } = await answer.json();
    this.say(words.kept.replace("{time}", kept));
    return true;
  }

  /** Keep, and log in again in place where the session has ended; false when that was given up. */
  async surely(options) {
    try {
      return await this.keep(options);
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      return (await again({ asked: Boolean(options?.always) })) && this.surely(options);
    }
  }

  // A form goes off only when the server answers and knows who sends it: what is typed is kept first.
  async submitted(event) {
    if (this.leaving || !this.form.dataset.keep) { this.leaving = true; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    if (this.busy) return;
    this.busy = true;
    const reached = await this.surely({ always: true }).finally(() => { this.busy = false; });
    if (reached === false) this.say(words.offline, true);
    if (!reached) return;
    clearTimeout(this.timer);
    this.leaving = true;
    this.form.requestSubmit(submitter ?? undefined);
  }
}

document.querySelectorAll("form[data-form]").forEach((form) => {
  new Keeping(form);
});

// The section that is read now is marked in the way to the sections.
const way = document.querySelector("[data-sections]");
if (way) {
  const links = new Map([...way.querySelectorAll("a")].map((link) => [link.hash.slice(1), link]));
  const seen = new Set();
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) seen[entry.isIntersecting ? "add" : "delete"](entry.target.id);
    const current = [...links.keys()].find((id) => seen.has(id));
    for (const [id, link] of links) {
      if (id === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const link = links.get(current);
    if (link) way.scrollTo({ left: link.offsetLeft - way.clientWidth / 3 });
  }, { rootMargin: "-25% 0px -55% 0px" });
  for (const id of links.keys()) { const part = document.getElementById(id); if (part) watcher.observe(part); }
}

// A line of the summary leads into its field, also where the field itself is a group or a fixed text.
document.getElementById("problems")?.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  const target = field.matches("input, select, textarea, button, a, [tabindex]") ? field : field.querySelector("input, select, textarea") ?? field;
  if (!target.matches("input, select, textarea, button, a, [tabindex]")) target.tabIndex = -1;
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
});
