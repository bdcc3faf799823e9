import { colourTemperature } from '../../astro/black-body.ts';
import { dereddeningFactor } from '../../astro/extinction.ts';
import { LSST_BANDS } from '../../history/lsst-history.ts';
import { describeColumns } from '../../schema/describe.ts';
import type { FeatureGroup, FeatureValue } from '../feature-group.ts';
import type { LsstCurve } from '../lsst-curve.ts';
import { LSST_SYSTEM } from './bands.ts';

/** Two detections nearer to each other than this are a pair. */
const PAIR_DAYS = 40 / 1440;

/** For the last pair and the one before: NAME in columns, WHICH in their meaning. */
const PAIR = `
  NAMEPairMJD double d time.epoch The later time of WHICH pair of successive detections in different
    | bands within 40 minutes: MJD, TAI. NULL if a flux of the pair is not positive.
    || Lasair keeps it to single precision, and has no pair at all whose later detection is in the
    || bluer band, or whose temperature is not found.
  NAMEPairColourMag float mag phot.color Colour of that pair, bluer minus redder band, corrected for
    | extinction.
    || As NAMEPairMJD. Without a dust map it is not corrected for extinction.
  NAMEPairColourBands name(4) - meta.id;instr.bandpass Bands of that pair: g-r.
    || As NAMEPairMJD.
  NAMEPairColourTemp float kK phys.temperature Temperature of a black body of that colour;
    | NULL if none is as blue.
    || As NAMEPairMJD.`;

/** Colour of the two newest pairs of detections in different bands. */
export const PAIRS: FeatureGroup<LsstCurve> = {
  name: 'pairs of bands',
  columns: [
    ['latest', 'the newest'],
    ['penultimate', 'the newest but one'],
  ].flatMap(([name, which]) =>
    describeColumns(PAIR.replaceAll('NAME', name).replaceAll('WHICH', which)),
  ),
  source: 'Lasair, pair',
  compute(curve, { ebv }) {
    const { mjd, flux, band } = curve;
    const found: FeatureValue[] = [];
    let later = -1;
    for (let i = curve.count - 1; i >= 0 && found.length < 8; i--) {
      if (!Number.isFinite(flux[i]) || band[i] >= LSST_BANDS.length) continue;
      if (later >= 0 && band[later] !== band[i] && mjd[later] - mjd[i] < PAIR_DAYS) {
        const [blue, red] = band[i] < band[later] ? [i, later] : [later, i];
        found.push(...colourOf(band[blue], flux[blue], band[red], flux[red], ebv ?? 0, mjd[later]));
      }
      later = i;
    }
    while (found.length < 8) found.push(null);
    return found;
  },
};

function colourOf(
  blue: number,
  blueFlux: number,
  red: number,
  redFlux: number,
  ebv: number,
  mjd: number,
): FeatureValue[] {
  if (!(blueFlux > 0 && redFlux > 0)) return [null, null, null, null];
  const { extinction, wavelengths } = LSST_SYSTEM;
  const ratio = (blueFlux / redFlux) * dereddeningFactor(ebv, extinction[blue] - extinction[red]);
  return [
    mjd,
    -2.5 * Math.log10(ratio),
    `${LSST_BANDS[blue]}-${LSST_BANDS[red]}`,
    colourTemperature(ratio, wavelengths[blue], wavelengths[red]) ?? null,
  ];
}
