// Around the text of a query: the wait for rows, and examples.
const form = document.getElementById('query-form');
const run = document.getElementById('run');
const hint = form.querySelector('.query-actions .hint');
const saidBefore = hint.innerHTML;
document.documentElement.dataset.scripts = 'on';

let ticking;
form.addEventListener('submit', () => {
  const began = Date.now();
  form.setAttribute('aria-busy', 'true');
  const stop = document.createElement('button');
  stop.type = 'button';
  stop.className = 'btn btn-sm btn-outline-primary';
  stop.textContent = 'Stop';
  // The site ends the statement in the database as soon as nobody waits for it.
  stop.addEventListener('click', () => {
    window.stop();
    rest();
    run.focus();
  });
  const seconds = document.createElement('span');
  const tick = () => {
    seconds.textContent = `Running … ${Math.floor((Date.now() - began) / 1000)} s `;
  };
  tick();
  ticking = window.setInterval(tick, 250);
  hint.replaceChildren(seconds, stop);
});

function rest() {
  window.clearInterval(ticking);
  form.removeAttribute('aria-busy');
  hint.innerHTML = saidBefore;
}
// The page may come back from the browser's memory as it was left: waiting.
window.addEventListener('pageshow', (event) => event.persisted && rest());

// On a phone the rows come before the columns that one may look up.
const reference = document.querySelector('#query-reference > details');
if (window.matchMedia('(max-width: 991px)').matches) reference.open = false;

// Examples are those of the survey that is chosen.
const groups = [...document.querySelectorAll('.example-group')];
function showExamples() {
  const survey = form.querySelector('input[name=survey]:checked')?.value;
  for (const group of groups) group.hidden = group.dataset.survey !== survey;
}
showExamples();
form.addEventListener('change', (event) => event.target.name === 'survey' && showExamples());
