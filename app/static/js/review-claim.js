// The claim on a case: taken when the page is open, renewed while it is looked at, given back when it is left.

const bench = document.querySelector("[data-claim]");
const words = JSON.parse(document.getElementById("bench-words").textContent);
const token = () => document.querySelector('meta[name="csrf"]').content; // fresh after a login in place
let timer = 0;

function show(told) {
  const mine = document.querySelector("[data-mine]");
  if (mine) mine.hidden = told.held !== "mine";
  const holder = document.querySelector("[data-holder]");
  if (!holder) return;
  const other = told.held === "other";
  if (other) holder.querySelector("[data-holder-text]").textContent = words.holds.replace("{name}", told.name).replace("{time}", told.since);
  holder.hidden = !other;
}

async function claim() {
  clearTimeout(timer);
  let pause = 60;
  try {
    const answer = await fetch(bench.dataset.claim, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token() },
    });
    if (!answer.ok) return; // logged out, or out of scope by now: the claim ends by itself
    const told = await answer.json();
    show(told);
    if (told.held === "mine") pause = Math.max(20, told.seconds / 3);
  } catch { /* the line was down for a moment */ }
  timer = setTimeout(renew, 1000 * pause);
}

// A page that nobody looks at is not renewed: it lies in a drawer.
function renew() {
  if (document.visibilityState === "visible") claim();
}

if (bench) {
  claim();
  document.addEventListener("visibilitychange", renew);
  window.addEventListener("pageshow", (event) => { if (event.persisted) claim(); });
  window.addEventListener("pagehide", () => {
    clearTimeout(timer);
    navigator.sendBeacon(bench.dataset.release, new URLSearchParams({ csrf_token: token() }));
  });
}
