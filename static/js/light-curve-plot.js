// Traces and axes of the light curve in Plotly's words.
import { describe, errorOf, figure, isForced, isLimit, state } from './light-curve-state.js';

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

const colour = (name) =>
  window.getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const bandColour = (band) => colour(`--band-${band}`) || colour('--band-other');

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

export function traces(points) {
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
export const dateOf = (mjd) =>
  new Date((mjd + figure.utcOffsetDays - MJD_OF_UNIX_ZERO) * DAY_MS).toISOString().replace('Z', '');

function padded(values, least) {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const room = Math.max((high - low) * 0.06, least - (high - low), least * 0.1);
  return [low - room, high + room];
}

export function wholeRange(points) {
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

export function layout(range, isNarrow) {
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
