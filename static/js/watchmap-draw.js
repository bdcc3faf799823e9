// Clicks on the map of the sky fill in the form: the centre of a circle or box, or one more vertex.
const RADIANS = Math.PI / 180;
const svg = document.querySelector('#draw-sky svg');
const outline = svg.querySelector('ellipse.sky');
const reading = document.getElementById('click-reading');
const shapes = [...document.querySelectorAll('fieldset[data-shape]')];
let chosen = shapes[0];

function choose(fieldset) {
  chosen = fieldset;
  for (const each of shapes) each.classList.toggle('is-chosen', each === chosen);
}

/** The position under the pointer, degrees; undefined beside the sky. Mollweide's projection undone. */
function positionAt(event) {
  const pointer = svg.createSVGPoint();
  pointer.x = event.clientX;
  pointer.y = event.clientY;
  const point = pointer.matrixTransform(svg.getScreenCTM().inverse());
  const across = (point.x - outline.cx.baseVal.value) / outline.rx.baseVal.value;
  const sine = (outline.cy.baseVal.value - point.y) / outline.ry.baseVal.value;
  const cosine = Math.sqrt(1 - sine * sine);
  if (!(Math.abs(across) <= cosine)) return undefined;
  const theta = Math.asin(sine);
  const ra = 180 - (cosine === 0 ? 0 : (180 * across) / cosine);
  const dec = Math.asin((2 * theta + Math.sin(2 * theta)) / Math.PI) / RADIANS;
  return { ra, dec, x: point.x, y: point.y };
}

function written({ ra, dec }) {
  return `${ra.toFixed(2)} ${dec.toFixed(2)}`;
}

function markAt({ x, y }, isNew) {
  if (isNew) for (const old of svg.querySelectorAll('.drawn')) old.remove();
  const mark = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
  mark.setAttribute('class', 'drawn');
  mark.setAttribute('r', '5');
  mark.setAttribute('cx', x);
  mark.setAttribute('cy', y);
  svg.append(mark);
}

svg.addEventListener('pointermove', (event) => {
  const position = positionAt(event);
  reading.textContent = position === undefined ? '\u00a0' : `RA, Dec ${written(position)}`;
});

svg.addEventListener('click', (event) => {
  const position = positionAt(event);
  if (position === undefined) return;
  const { shape } = chosen.dataset;
  if (shape === 'polygon') {
    const field = document.getElementById('polygon_vertices');
    const before = field.value.trimEnd();
    field.value = `${before}${before === '' ? '' : '\n'}${written(position)}`;
  } else document.getElementById(`${shape}_centre`).value = written(position);
  markAt(position, shape !== 'polygon');
});

for (const fieldset of shapes) {
  fieldset.addEventListener('focusin', () => choose(fieldset));
  fieldset.addEventListener('pointerdown', () => choose(fieldset));
}
svg.classList.add('is-clickable');
reading.hidden = false;
reading.textContent = '\u00a0';
document.querySelector('.only-click').hidden = false;
choose(chosen);
