// How far a watchlist or watchmap has been matched against known objects, while it goes on.
const PAUSE_MS = 2000;
const place = document.querySelector('[data-progress]');

async function look() {
  if (document.hidden) return;
  let progress;
  try {
    const answer = await fetch(place.dataset.progress);
    if (!answer.ok) return;
    progress = await answer.json();
  } catch {
    // The site may be restarting: the next turn tries again.
    return;
  }
  for (const { survey, percent, done, total, hits } of progress.surveys) {
    const bar = place.querySelector(`progress[data-survey="${survey}"]`);
    const count = place.querySelector(`[data-count="${survey}"]`);
    if (bar === null || count === null) continue;
    bar.value = percent;
    count.textContent =
      place.dataset.unit === 'cells'
        ? `${percent}%, ${spaced(hits)} objects`
        : `${spaced(done)} of ${spaced(total)} sources, ${spaced(hits)} hits`;
  }
  // The results are there: they are shown unless somebody is in the middle of something.
  if (!progress.isRunning && !isBusy()) window.location.reload();
}

function isBusy() {
  const main = document.getElementById('main');
  return main !== document.activeElement && main.contains(document.activeElement);
}

function spaced(number) {
  return String(number).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}

window.setInterval(look, PAUSE_MS);
