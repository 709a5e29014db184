// The note in the head of a page about one's own jobs that are under way: asks until there is none.
const place = document.querySelector("[data-jobs-note]");
const PAUSE = 3000;

function linked({ name, url, done, total }) {
  const link = document.createElement("a");
  link.href = url;
  link.textContent = total ? `${name} ${Math.floor((100 * done) / total)} %` : name;
  return link;
}

async function ask() {
  try {
    const answer = await fetch(place.dataset.jobsNote, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { jobs } = await answer.json();
    place.hidden = !jobs.length;
    if (!jobs.length) return;
    place.replaceChildren(`${place.dataset.words} `, ...jobs.flatMap((job, at) => (at ? [", ", linked(job)] : [linked(job)])));
  } catch {
    // The server may be restarting; the jobs themselves are safe.
  }
  setTimeout(ask, PAUSE);
}

if (place) ask();
