// The folded light curve and the periodogram in Plotly; the still pictures stay without it.
const figure = JSON.parse(document.getElementById('period-data').textContent);
const fold = document.getElementById('fold');
const periodogram = document.getElementById('periodogram');
const SYMBOLS = { u: 'star', g: 'circle', r: 'square', i: 'diamond', z: 'pentagon', y: 'hexagon' };
const CONFIG = {
  responsive: true,
  displaylogo: false,
  modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d'],
};

const colour = (name) =>
  window.getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const bandColour = (band) => colour(`--band-${band}`) || colour('--band-other');

function axis(title) {
  return {
    title: { text: title, standoff: 8 },
    gridcolor: colour('--panel-edge'),
    linecolor: colour('--panel-edge'),
    zeroline: false,
    showline: true,
    automargin: true,
  };
}

function layout(height, x, y) {
  return {
    autosize: true,
    height,
    margin: { l: 64, r: 12, t: 12, b: 48 },
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: {
      family: window.getComputedStyle(document.body).fontFamily,
      size: 12,
      color: colour('--muted'),
    },
    showlegend: false,
    hovermode: 'closest',
    dragmode: fold.clientWidth < 600 ? false : 'zoom',
    xaxis: x,
    yaxis: y,
  };
}

function foldTraces() {
  return figure.bands.map((band) => {
    const own = figure.points.filter((point) => point.band === band);
    const twice = [...own, ...own];
    return {
      type: 'scatter',
      mode: 'markers',
      name: band,
      x: twice.map((point, i) => point.phase + (i < own.length ? 0 : 1)),
      y: twice.map((point) => point.flux),
      text: twice.map((point) => `${band} · MJD ${point.mjd.toFixed(5)}`),
      hovertemplate: '%{text}<br>phase %{x:.3f}<br>%{y:.0f} nJy<extra></extra>',
      marker: { symbol: SYMBOLS[band] ?? 'circle', color: bandColour(band), size: 7 },
      error_y: {
        type: 'data',
        array: twice.map((point) => point.fluxErr ?? 0),
        color: bandColour(band),
        thickness: 1,
        width: 0,
      },
    };
  });
}

function periodogramTraces() {
  const { frequency, power } = figure.periodogram;
  const last = frequency[frequency.length - 1];
  const line = (x, y, dash) => ({
    type: 'scatter',
    mode: 'lines',
    x,
    y,
    hoverinfo: 'skip',
    line: { color: colour('--muted'), width: 1, dash },
  });
  return [
    {
      type: 'scatter',
      mode: 'lines',
      x: frequency,
      y: power,
      text: frequency.map((each) => `${(1 / each).toPrecision(6)} d`),
      hovertemplate: '%{text}<br>power %{y:.3f}<extra></extra>',
      line: { color: colour('--accent'), width: 1 },
    },
    line([0, last], [figure.onePercentPower, figure.onePercentPower], 'dash'),
    ...(figure.marked === null
      ? []
      : [line([figure.marked, figure.marked], [0, Math.max(...power)], 'dot')]),
  ];
}

async function draw() {
  await Promise.all([
    window.Plotly.react(
      fold,
      foldTraces(),
      layout(380, { ...axis('phase'), range: [0, 2] }, axis(figure.axis)),
      CONFIG,
    ),
    window.Plotly.react(
      periodogram,
      periodogramTraces(),
      layout(
        300,
        { ...axis('frequency (1/d)'), rangemode: 'tozero' },
        { ...axis('power'), rangemode: 'tozero' },
      ),
      CONFIG,
    ),
  ]);
}

if (window.Plotly) {
  fold.replaceChildren();
  periodogram.replaceChildren();
  await draw();
  fold.dataset.ready = 'true';
  document.addEventListener('glint-theme', () => void draw());
}
