// The light curve in Plotly, drawn from the data in the page; the still picture stays without it.
const figure = JSON.parse(document.getElementById('light-curve-data').textContent);
const plot = document.getElementById('light-curve');
const reading = document.getElementById('plot-reading');
const MJD_OF_UNIX_ZERO = 40587;
const DAY_MS = 86_400_000;
const SYMBOLS = {
  u: 'star',
  g: 'circle',
  r: 'square',
  i: 'diamond',
  z: 'pentagon',
  y: 'hexagon',
};
const SIZE = 8;

const state = {
  unit: figure.units[0].key,
  hiddenBands: new Set(),
  showsForced: false,
  /** Index among the points that can be visited with the arrow keys. */
  at: -1,
};

const colour = (name) =>
  window.getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const bandColour = (band) => colour(`--band-${band}`) || colour('--band-other');
const errorOf = (point) =>
  ({ mag: point.magErr, flux: point.fluxErr, apparent: point.apparentErr })[state.unit];
const isLimit = (point) => point.kind === 'limit' || point.kind === 'forcedLimit';
const isForced = (point) => point.kind === 'forced' || point.kind === 'forcedLimit';

function valueText(point) {
  const value = point[state.unit];
  const digits = state.unit === 'flux' ? 0 : 3;
  const error = errorOf(point);
  const sign =
    isLimit(point) && state.unit !== 'flux' ? '> ' : isLimit(point) && !isForced(point) ? '< ' : '';
  const unit = state.unit === 'flux' ? ' nJy' : '';
  const spread = error === null || sign !== '' ? '' : ` ± ${error.toFixed(digits)}`;
  return `${sign}${value.toFixed(digits)}${spread}${unit}`;
}

const WORDS = {
  detection: '',
  negative: ', negative difference',
  limit: ', not detected',
  forced: ', forced photometry',
  forcedLimit: ', forced photometry',
};

function describe(point) {
  return `${point.band} ${valueText(point)}${WORDS[point.kind]} · MJD ${point.mjd.toFixed(5)} · ${point.date} UTC`;
}

function shownPoints() {
  return figure.points.filter(
    (point) =>
      point[state.unit] !== null &&
      !state.hiddenBands.has(point.band) &&
      (state.showsForced || !isForced(point)),
  );
}

function markerOf(band, kind) {
  const symbol = SYMBOLS[band] ?? 'circle';
  const own = bandColour(band);
  // In flux a forced point is a measurement like any other, seen or not.
  const limit = (kind === 'limit' || kind === 'forcedLimit') && state.unit !== 'flux';
  if (limit || kind === 'limit') {
    return {
      symbol: kind === 'limit' ? 'triangle-down' : 'triangle-down-open',
      color: own,
      size: SIZE - 1,
      opacity: 0.4,
    };
  }
  if (kind === 'negative') {
    return { symbol: `${symbol}-open`, color: own, size: SIZE + 1, line: { width: 1.8 } };
  }
  if (isForced({ kind })) {
    return {
      symbol: 'diamond-open',
      color: own,
      size: SIZE - 2,
      opacity: 0.75,
      line: { width: 1.2 },
    };
  }
  return { symbol, color: own, size: SIZE, line: { width: 0.7, color: colour('--panel') } };
}

function traces(points) {
  const groups = new Map();
  for (const point of points) {
    const key = `${point.kind} ${point.band}`;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(point);
  }
  const order = ['limit', 'forcedLimit', 'forced', 'negative', 'detection'];
  return [...groups.values()]
    .sort((a, b) => order.indexOf(a[0].kind) - order.indexOf(b[0].kind))
    .map((own) => {
      const { band, kind } = own[0];
      const hasBars = state.unit === 'flux' ? kind !== 'limit' : !isLimit(own[0]);
      return {
        type: 'scatter',
        mode: 'markers',
        name: `${band} ${kind}`,
        x: own.map((point) => point.mjd),
        y: own.map((point) => point[state.unit]),
        customdata: own,
        text: own.map((point) => describe(point).replaceAll(' · ', '<br>')),
        hovertemplate: '%{text}<extra></extra>',
        marker: markerOf(band, kind),
        error_y: {
          type: 'data',
          visible: hasBars,
          array: hasBars ? own.map((point) => errorOf(point) ?? 0) : [],
          color: bandColour(band),
          thickness: 1.1,
          width: 0,
        },
      };
    });
}

/** The date axis follows the day axis: both are straight lines of the same time. */
const dateOf = (mjd) =>
  new Date((mjd + figure.utcOffsetDays - MJD_OF_UNIX_ZERO) * DAY_MS).toISOString().replace('Z', '');

function padded(values, least) {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const room = Math.max((high - low) * 0.06, least - (high - low), least * 0.1);
  return [low - room, high + room];
}

function wholeRange(points) {
  if (points.length === 0) return { x: [0, 1], y: [0, 1] };
  const x = padded(
    points.map((point) => point.mjd),
    0.5,
  );
  const y = padded(
    points.flatMap((point) => {
      const error = isLimit(point) && state.unit !== 'flux' ? 0 : (errorOf(point) ?? 0);
      return [point[state.unit] - error, point[state.unit] + error];
    }),
    state.unit === 'flux' ? 10 : 0.2,
  );
  return { x, y: state.unit === 'flux' ? y : [y[1], y[0]] };
}

function layout(range, isNarrow) {
  const days = range.x[1] - range.x[0];
  const axis = {
    gridcolor: colour('--panel-edge'),
    linecolor: colour('--panel-edge'),
    zeroline: false,
    ticks: 'outside',
    ticklen: 4,
    tickcolor: colour('--panel-edge'),
    showline: true,
    mirror: false,
  };
  return {
    autosize: true,
    height: isNarrow ? 352 : 432,
    margin: { l: isNarrow ? 50 : 64, r: 12, t: 40, b: 44 },
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: {
      family: window.getComputedStyle(document.body).fontFamily,
      size: 12,
      color: colour('--muted'),
    },
    showlegend: false,
    hovermode: 'closest',
    hoverlabel: {
      bgcolor: colour('--panel'),
      bordercolor: colour('--panel-edge'),
      font: { color: colour('--ink'), size: 12 },
      align: 'left',
    },
    dragmode: isNarrow ? false : 'zoom',
    xaxis: {
      ...axis,
      title: { text: `MJD (${figure.timeScale})`, standoff: 8 },
      range: range.x,
      tickformat: 'd',
      exponentformat: 'none',
      separatethousands: false,
      nticks: isNarrow ? 5 : 9,
      ...(days < 5 ? { tickformat: '.2f' } : {}),
    },
    xaxis2: {
      ...axis,
      type: 'date',
      overlaying: 'x',
      // Ticks of its own: those of the days, rounded, may name the day before.
      tickmode: 'auto',
      side: 'top',
      range: range.x.map(dateOf),
      showgrid: false,
      ...(days > 8 && days < 1000 ? { tickformat: '%-d %b\n%Y' } : {}),
      nticks: isNarrow ? 4 : 8,
    },
    yaxis: {
      ...axis,
      title: { text: figure.units.find((unit) => unit.key === state.unit).axis, standoff: 6 },
      range: range.y,
      zeroline: state.unit === 'flux',
      zerolinecolor: colour('--muted'),
      zerolinewidth: 1,
      nticks: 8,
      automargin: true,
      exponentformat: 'none',
      ...(state.unit === 'flux' ? { tickformat: '.7~g' } : {}),
    },
  };
}

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
