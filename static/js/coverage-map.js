// A map to move about in, in place of the still one, where the browser can draw it.
const figure = document.getElementById('coverage-figure');
const { placeDegrees, marks } = JSON.parse(document.getElementById('coverage-data').textContent);
const reading = document.getElementById('map-reading');
/** Squares of places without any detection, as part of the width of the place. */
const EMPTY = 0.12;
const RADIANS = Math.PI / 180;

function canDraw() {
  return document.createElement('canvas').getContext('webgl2') !== null;
}

/** Corners of a square on the sky: degrees, on the tangent plane of its middle. */
function corners(ra, dec, side) {
  const half = Math.tan((side / 2) * RADIANS);
  const [s, c] = [Math.sin(dec * RADIANS), Math.cos(dec * RADIANS)];
  return [
    [-half, -half],
    [half, -half],
    [half, half],
    [-half, half],
  ].map(([east, north]) => {
    const across = c - north * s;
    return [
      (ra + Math.atan2(east, across) / RADIANS + 360) % 360,
      Math.atan2(s + north * c, Math.hypot(east, across)) / RADIANS,
    ];
  });
}

/** The sky of this map is dark in both themes. */
function colourOf(band) {
  const probe = document.createElement('span');
  probe.dataset.bsTheme = 'dark';
  probe.className = `band-${band}`;
  document.body.append(probe);
  const colour = window.getComputedStyle(probe).getPropertyValue('--band-colour').trim();
  probe.remove();
  return colour || '#999';
}

const places = new Map();
for (const mark of marks) {
  const [place, ra, dec] = mark;
  if (!places.has(place)) places.set(place, { place, ra, dec, bands: [] });
  places.get(place).bands.push(mark);
}

/** The place that a position lies in: that whose middle is nearest, within its width. */
function placeAt(ra, dec) {
  let nearest;
  let least = placeDegrees / 2;
  for (const each of places.values()) {
    const north = Math.abs(dec - each.dec);
    if (north >= least) continue;
    const apart = Math.abs(((ra - each.ra + 540) % 360) - 180);
    const distance = Math.max(north, apart * Math.cos(dec * RADIANS));
    if (distance >= least) continue;
    least = distance;
    nearest = each;
  }
  return nearest;
}

function sentence({ place, ra, dec, bands }) {
  const count = (number, word) => `${number} ${word}${number === 1 ? '' : 's'}`;
  const seen = bands.map(
    ([, , , band, , n, exposures]) =>
      `${band} ${count(n, 'detection')} in ${count(exposures, 'exposure')}`,
  );
  const name = placeDegrees > 5 ? 'Field' : 'Cell';
  return `${name} ${place} (${ra.toFixed(2)}, ${dec.toFixed(2)}): ${seen.join('; ')}`;
}

async function draw() {
  const { default: A } = await import(figure.dataset.aladin);
  await A.init;
  const frame = document.createElement('div');
  frame.className = 'aladin-frame';
  figure.append(frame);
  figure.classList.add('has-aladin');
  try {
    const aladin = A.aladin(frame, {
      survey: new URL(figure.dataset.sky, window.location.href).href,
      log: false,
      projection: 'MOL',
      fov: 360,
      target: '180 0',
      cooFrame: 'ICRSd',
      gridOptions: { enabled: true, color: '#6c7a94', thickness: 1, labelSize: 11 },
      showCooGridControl: true,
      showFullscreenControl: true,
      showFrame: false,
      showProjectionControl: false,
      showLayersControl: false,
      showSettingsControl: false,
      showShareControl: false,
      showSimbadPointerControl: false,
      showContextMenu: false,
      showReticle: false,
    });
    addMarks(A, aladin);
  } catch (err) {
    frame.remove();
    figure.classList.remove('has-aladin');
    throw err;
  }
}

function addMarks(A, aladin) {
  const overlays = new Map();
  for (const mark of marks) {
    const [, ra, dec, band, side, n] = mark;
    if (!overlays.has(band)) {
      const color = colourOf(band);
      const overlay = A.graphicOverlay({ name: band, color, lineWidth: 1 });
      overlays.set(band, { overlay, colour: color });
      aladin.addOverlay(overlay);
    }
    const { overlay, colour } = overlays.get(band);
    const filled = n > 0 ? { fill: true, fillColor: colour, opacity: 0.55 } : { opacity: 0.9 };
    const square = A.polygon(corners(ra, dec, n > 0 ? side : EMPTY * placeDegrees), {
      color: colour,
      ...filled,
    });
    overlay.add(square);
  }
  // What is under the pointer is asked of the places: the map takes squares at its edge for all of it.
  aladin.on('mouseMove', (spot) => {
    const place = typeof spot?.ra === 'number' ? placeAt(spot.ra, spot.dec) : undefined;
    reading.textContent = place === undefined ? '' : sentence(place);
  });
}

if (figure !== null && canDraw()) {
  try {
    await draw();
    figure.dataset.ready = 'aladin';
  } catch (err) {
    // The still map says the same.
    console.info('the map that moves cannot be drawn', err);
    figure.dataset.ready = 'still';
  }
} else if (figure !== null) figure.dataset.ready = 'still';
