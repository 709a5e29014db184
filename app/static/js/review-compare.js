// The comparisons of a case: asked for without leaving the page, and shown when the others have answered.

import { send, tell } from "./send.js";

const FIRST = 1000, LONGEST = 15000; // between two looks: longer and longer, since a worker may be busy
const words = JSON.parse(document.getElementById("bench-words").textContent);
const panel = () => document.getElementById("comparisons");
let timer = 0;

async function fetched() {
  const answer = await fetch(panel().dataset.panel, { headers: { Accept: "application/json" } });
  return answer.ok ? answer.json() : null; // logged out, or out of scope by now
}

function show(told, held = panel().contains(document.activeElement)) {
  const fresh = new DOMParser().parseFromString(told.panel, "text/html").getElementById("comparisons");
  if (!fresh) return panel().remove(); // nothing is to be compared any more
  panel().replaceWith(fresh);
  if (held) fresh.querySelector("[tabindex], button")?.focus();
  const worst = fresh.querySelector(".comparison .badge");
  if (worst) document.querySelector("[data-worst]")?.replaceChildren(worst.cloneNode(true));
}

function follow() {
  panel().querySelector("[data-itself]").hidden = false;
  clearTimeout(timer);
  timer = setTimeout(look, FIRST, FIRST);
}

async function look(pause) {
  try {
    const told = await fetched();
    if (!told) return;
    if (!told.running) {
      show(told);
      return tell(words.compared);
    }
  } catch { /* the line was down for a moment */ }
  const longer = Math.min(LONGEST, 1.5 * pause);
  timer = setTimeout(look, longer, longer);
}

document.addEventListener("submit", async (event) => {
  if (!event.target.matches("[data-compare]")) return;
  event.preventDefault();
  try {
    await send(event.target.action, new FormData(event.target));
    const told = await fetched();
    if (!told) return;
    show(told, true); // the button that was pressed is gone, and the keyboard must not be lost with it
    if (told.running) follow();
    else tell(words.compared);
  } catch (refused) {
    if (refused.message !== "login") tell(refused.message, true);
  }
});

if (panel() && "running" in panel().dataset) follow();
