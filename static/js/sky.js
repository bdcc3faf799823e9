// A card with the light curve for the mark under the pointer; the marks themselves are links.
let figure;
let card;
const curves = new Map();
let shown;

async function curveOf(id) {
  if (!curves.has(id)) {
    const reply = fetch(`/object/${id}/sparkline/`).then((answer) =>
      answer.ok ? answer.text() : '',
    );
    curves.set(id, reply);
  }
  return curves.get(id);
}

async function show(mark) {
  const { id } = mark.dataset;
  if (shown === id) return;
  shown = id;
  const title = mark.querySelector('title');
  const label = document.createElement('p');
  label.textContent = mark.dataset.label ?? title?.textContent ?? id;
  mark.dataset.label = label.textContent;
  title?.remove();
  card.replaceChildren(label);
  place(mark);
  card.hidden = false;
  try {
    const text = await curveOf(id);
    if (shown !== id || text === '') return;
    const parsed = new window.DOMParser().parseFromString(text, 'text/html');
    card.append(...parsed.body.children);
  } catch {
    // The card is as good without the curve.
  }
}

function place(mark) {
  const frame = figure.getBoundingClientRect();
  const spot = mark.getBoundingClientRect();
  const x = spot.left + spot.width / 2 - frame.left;
  const y = spot.top + spot.height / 2 - frame.top;
  card.classList.toggle('is-left', x > frame.width / 2);
  card.classList.toggle('is-above', y > frame.height / 2);
  card.style.left = `${x}px`;
  card.style.top = `${y}px`;
}

function hide() {
  shown = undefined;
  card.hidden = true;
}

/** Again whenever the page has brought itself up to date. */
function attach() {
  figure = document.getElementById('sky');
  card = document.getElementById('sky-card');
  shown = undefined;
  if (figure === null) return;
  figure.addEventListener('pointerover', (event) => {
    const mark = event.target.closest('a[data-id]');
    if (mark) void show(mark);
    else hide();
  });
  figure.addEventListener('pointerleave', hide);
  for (const link of document.querySelectorAll('.newest a[data-id]')) {
    const mark = figure.querySelector(`a[data-id="${link.dataset.id}"]`);
    if (!mark) continue;
    const light = (isLit) => () => mark.classList.toggle('is-lit', isLit);
    link.addEventListener('pointerenter', light(true));
    link.addEventListener('pointerleave', light(false));
    link.addEventListener('focus', light(true));
    link.addEventListener('blur', light(false));
  }
}

attach();
document.addEventListener('glint-refresh', attach);
