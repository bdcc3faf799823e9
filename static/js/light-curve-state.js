// What the page knows of the light curve, and what of it is shown.
export const figure = JSON.parse(document.getElementById('light-curve-data').textContent);
export const plot = document.getElementById('light-curve');
export const reading = document.getElementById('plot-reading');

export const state = {
  unit: figure.units[0].key,
  hiddenBands: new Set(),
  showsForced: false,
  /** Index among the points that can be visited with the arrow keys. */
  at: -1,
};
export const errorOf = (point) =>
  ({ mag: point.magErr, flux: point.fluxErr, apparent: point.apparentErr })[state.unit];
export const isLimit = (point) => point.kind === 'limit' || point.kind === 'forcedLimit';
export const isForced = (point) => point.kind === 'forced' || point.kind === 'forcedLimit';

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

export function describe(point) {
  return `${point.band} ${valueText(point)}${WORDS[point.kind]} · MJD ${point.mjd.toFixed(5)} · ${point.date} UTC`;
}

export function shownPoints() {
  return figure.points.filter(
    (point) =>
      point[state.unit] !== null &&
      !state.hiddenBands.has(point.band) &&
      (state.showsForced || !isForced(point)),
  );
}
