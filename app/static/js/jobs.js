// The page of a job: asks how far the work has come, and shows its result when it is over.
const job = document.querySelector("[data-job]");
const bar = job?.querySelector("progress");
const words = job?.querySelector("[data-job-words]");
const PAUSE = 1000;

async function ask() {
  try {
    const answer = await fetch(job.dataset.job, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { done, total, over } = await answer.json();
    if (over) return location.reload();
    bar.max = total || 1;
    bar.value = done;
    words.textContent = words.textContent.replace(/\d+/, done);
  } catch {
    // The server may be restarting; the work itself is safe, so the page just asks again.
  }
  setTimeout(ask, PAUSE);
}

if (job) setTimeout(ask, PAUSE);
