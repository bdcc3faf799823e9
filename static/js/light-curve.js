// The light curve in Plotly, drawn from the data in the page; the still picture stays without it.
import { dateOf, layout, traces, wholeRange } from './light-curve-plot.js';
import { describe, figure, plot, reading, shownPoints, state } from './light-curve-state.js';

const CONFIG = {
  responsive: true,
  displaylogo: false,
  doubleClick: 'reset',
  scrollZoom: false,
  modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d'],
  toImageButtonOptions: { format: 'png', scale: 2, filename: document.title.split(' ')[0] },
};

let whole;

function draw() {
  const points = shownPoints();
  whole = wholeRange(points);
  const isNarrow = plot.clientWidth < 600;
  // Without a trace of its own the second axis is not drawn.
  const dates = {
    type: 'scatter',
    mode: 'markers',
    xaxis: 'x2',
    x: whole.x.map(dateOf),
    y: [null, null],
    hoverinfo: 'skip',
  };
  state.at = -1;
  plot.dataset.points = String(points.length);
  return window.Plotly.react(plot, [...traces(points), dates], layout(whole, isNarrow), {
    ...CONFIG,
    displayModeBar: isNarrow ? false : 'hover',
  });
}

function ranges() {
  return { x: [...plot.layout.xaxis.range], y: [...plot.layout.yaxis.range] };
}

function setRanges({ x, y }) {
  return window.Plotly.relayout(plot, {
    'xaxis.range': x,
    'xaxis2.range': x.map(dateOf),
    'yaxis.range': y,
  });
}

function zoom(factor) {
  const around = ([low, high]) => {
    const middle = (low + high) / 2;
    return [middle + (low - middle) * factor, middle + (high - middle) * factor];
  };
  const { x, y } = ranges();
  void setRanges({ x: around(x), y: around(y) });
}

function pan(right, up) {
  const { x, y } = ranges();
  const dx = (x[1] - x[0]) * right;
  const dy = (y[1] - y[0]) * up;
  void setRanges({ x: x.map((value) => value + dx), y: y.map((value) => value + dy) });
}

function visit(step) {
  const points = shownPoints().sort((a, b) => a.mjd - b.mjd);
  if (points.length === 0) return;
  state.at =
    state.at === -1
      ? step > 0
        ? 0
        : points.length - 1
      : Math.min(Math.max(state.at + step, 0), points.length - 1);
  const point = points[state.at];
  reading.textContent = `${state.at + 1} of ${points.length}: ${describe(point)}`;
  plot.data.forEach((trace, curveNumber) => {
    const pointNumber = (trace.customdata ?? []).indexOf(point);
    if (pointNumber !== -1) window.Plotly.Fx.hover(plot, [{ curveNumber, pointNumber }]);
  });
}

const KEYS = {
  ArrowRight: (event) => (event.shiftKey ? pan(0.15, 0) : visit(1)),
  ArrowLeft: (event) => (event.shiftKey ? pan(-0.15, 0) : visit(-1)),
  ArrowUp: (event) => event.shiftKey && pan(0, 0.15),
  ArrowDown: (event) => event.shiftKey && pan(0, -0.15),
  Home: () => ((state.at = -1), visit(1)),
  End: () => ((state.at = -1), visit(-1)),
  '+': () => zoom(0.7),
  '=': () => zoom(0.7),
  '-': () => zoom(1 / 0.7),
  0: () => void setRanges(whole),
};

function listen() {
  plot.tabIndex = 0;
  plot.setAttribute('role', 'application');
  plot.setAttribute('aria-label', 'Light curve');
  plot.setAttribute('aria-describedby', 'plot-keys');
  plot.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = KEYS[event.key];
    if (act === undefined || (/^Arrow(Up|Down)/.test(event.key) && !event.shiftKey)) return;
    event.preventDefault();
    act(event);
  });
  plot.on('plotly_hover', ({ points }) => {
    if (points[0].customdata) reading.textContent = describe(points[0].customdata);
  });
  plot.on('plotly_click', ({ points }) => {
    const row = points[0].customdata?.id && document.getElementById(`d${points[0].customdata.id}`);
    if (row) row.scrollIntoView({ block: 'center' });
  });
}

function makeControls() {
  const toggles = document.getElementById('band-toggles');
  for (const band of figure.bands) {
    const chip = document.createElement('button');
    chip.type = 'button';
    chip.className = 'chip';
    chip.setAttribute('aria-pressed', 'true');
    const swatch = document.createElement('span');
    swatch.className = `swatch band-${band}`;
    chip.append(swatch, band);
    chip.addEventListener('click', () => {
      const isHidden = !state.hiddenBands.delete(band);
      if (isHidden) state.hiddenBands.add(band);
      chip.setAttribute('aria-pressed', String(!isHidden));
      void draw();
    });
    toggles.append(chip);
  }
  const units = document.getElementById('unit-choice');
  const usable = figure.units.filter(({ key }) =>
    figure.points.some((point) => point[key] !== null),
  );
  for (const { key, label } of usable) units.append(new window.Option(label, key));
  units.addEventListener('change', () => {
    state.unit = units.value;
    void draw();
  });
  document.getElementById('forced-switch').hidden = !figure.hasForced;
  document.getElementById('forced-toggle').addEventListener('change', (event) => {
    state.showsForced = event.target.checked;
    void draw();
  });
  document.getElementById('plot-controls').hidden = false;
}

if (window.Plotly && figure.points.length > 0) {
  plot.replaceChildren();
  makeControls();
  await draw();
  listen();
  plot.dataset.ready = 'true';
  document.addEventListener('glint-theme', () => void draw());
}
