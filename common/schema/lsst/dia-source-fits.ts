import { describeColumns } from '../describe.ts';
import type { Column } from '../types.ts';

const SHAPE_TEXT = `
  ixx float arcsec**2 src.morph.param Adaptive second moment along x.
  iyy float arcsec**2 src.morph.param Adaptive second moment along y.
  ixy float arcsec**2 src.morph.param Mixed adaptive second moment.
  ixxErr float arcsec**2 stat.error;src.morph.param Uncertainty of ixx; until 7.4.
  iyyErr float arcsec**2 stat.error;src.morph.param Uncertainty of iyy; until 7.4.
  ixyErr float arcsec**2 stat.error;src.morph.param Uncertainty of ixy; until 7.4.
  ixx_iyy_Cov float arcsec**4 stat.covariance Covariance of ixx and iyy; until 7.4.
  ixx_ixy_Cov float arcsec**4 stat.covariance Covariance of ixx and ixy; until 7.4.
  iyy_ixy_Cov float arcsec**4 stat.covariance Covariance of iyy and ixy; until 7.4.
  ixxPSF float arcsec**2 instr.det.psf Second moment along x of the PSF here.
  iyyPSF float arcsec**2 instr.det.psf Second moment along y of the PSF here.
  ixyPSF float arcsec**2 instr.det.psf Mixed second moment of the PSF here.
  shape_flag bool - meta.code.error The moments could not be measured.
  shape_flag_no_pixels bool - meta.code.error There were no pixels to measure moments on.
  shape_flag_not_contained bool - meta.code.error The centre lies outside the detected pixels.
  shape_flag_parent_source bool - meta.code.error Not measured, being a blend.`;

const TRAIL_TEXT = `
  trailFlux float nJy phot.flux.density;arith.diff Difference flux of the fitted trail.
  trailFluxErr float nJy stat.error;phot.flux.density Uncertainty of trailFlux.
  trailRa double deg pos.eq.ra Right ascension of the middle of the trail, ICRS.
  trailRaErr float deg stat.error;pos.eq.ra Uncertainty of trailRa, times cos(dec).
  trailDec double deg pos.eq.dec Declination of the middle of the trail, ICRS.
  trailDecErr float deg stat.error;pos.eq.dec Uncertainty of trailDec.
  trailLength float arcsec phys.angSize Length of the trail: how far it moved in the exposure.
  trailLengthErr float arcsec stat.error;phys.angSize Uncertainty of trailLength.
  trailAngle float deg pos.posAng Position angle of the trail.
  trailAngleErr float deg stat.error;pos.posAng Uncertainty of trailAngle.
  trailLnL float - stat.likelihood Natural logarithm of the likelihood of the trail fit; until 7.4.
  trailChi2 float - stat.fit.chi2 Chi-square of the trail fit.
  trailNdata int - meta.number;instr.pixel Pixels in the trail fit.
  trailAlgorithm int - meta.code;meta.software Moments the trail fit began from: 1 SDSS, 2 HSM; since
    | 11.1.
  trail_flag bool - meta.code.error The trail fit failed; since 11.1.
  trail_flag_edge bool - meta.code.error The trail runs over the edge of the image.`;

const DIPOLE_TEXT = `
  isDipole bool - meta.code.class A positive and a negative lobe side by side, as a misaligned
    | template leaves them; since 8.0.
  dipoleFitAttempted bool - meta.code A dipole fit was tried; since 7.2.
  dipoleMeanFlux float nJy phot.flux.density;stat.mean Mean of the two lobes' absolute fluxes.
  dipoleMeanFluxErr float nJy stat.error;phot.flux.density Uncertainty of dipoleMeanFlux.
  dipoleFluxDiff float nJy phot.flux.density;arith.diff Difference of the two lobes' absolute fluxes.
  dipoleFluxDiffErr float nJy stat.error;phot.flux.density Uncertainty of dipoleFluxDiff.
  dipoleRa double deg pos.eq.ra Right ascension of the middle of the dipole; until 7.4.
  dipoleRaErr float deg stat.error;pos.eq.ra Uncertainty of dipoleRa; until 7.4.
  dipoleDec double deg pos.eq.dec Declination of the middle of the dipole; until 7.4.
  dipoleDecErr float deg stat.error;pos.eq.dec Uncertainty of dipoleDec; until 7.4.
  dipoleLength float arcsec pos.angDistance Distance between the lobes.
  dipoleLengthErr float arcsec stat.error;pos.angDistance Uncertainty of dipoleLength; until 7.4.
  dipoleAngle float deg pos.posAng Position angle from the negative to the positive lobe.
  dipoleAngleErr float deg stat.error;pos.posAng Uncertainty of dipoleAngle; until 7.4.
  dipoleLnL float - stat.likelihood Natural logarithm of the likelihood of the dipole fit; until 7.4.
  dipoleChi2 float - stat.fit.chi2 Chi-square of the dipole fit.
  dipoleNdata int - meta.number;instr.pixel Pixels in the dipole fit.`;

const PIXELS = {
  bad: 'known as bad',
  cr: 'hit by a cosmic ray',
  edge: 'at the edge of the usable image',
  nodata: 'without data',
  interpolated: 'filled in by interpolation',
  saturated: 'that saturated',
  suspect: 'near saturation, where the response is doubtful',
  streak: "on a satellite's or aircraft's streak",
  injected: 'with an artificial source put into the science image',
  injected_template: 'with an artificial source put into the template',
};
/** Those without a flag of their own for the centre. */
const WITHOUT_CENTRE = ['bad', 'edge'];

/** Second moments of a detection and of the PSF. */
export const SHAPE = describeColumns(SHAPE_TEXT);

/** A trail fitted to a detection: what a fast asteroid or a satellite leaves. */
export const TRAIL_FIT: Column[] = [
  ...describeColumns(TRAIL_TEXT),
  ...covariances('trail', { Flux: 'nJy', Ra: 'deg', Dec: 'deg', Length: 'arcsec', Angle: 'deg' }),
];

/** A pair of lobes fitted to a detection: what a misaligned or refracted template leaves. */
export const DIPOLE_FIT: Column[] = [
  ...describeColumns(DIPOLE_TEXT),
  ...covariances('dipole', {
    MeanFlux: 'nJy',
    FluxDiff: 'nJy',
    Ra: 'deg',
    Dec: 'deg',
    Length: 'arcsec',
    Angle: 'deg',
  }),
];

/** What the mask says of the pixels of a detection. */
export const PIXEL_FLAGS: Column[] = [
  ...describeColumns(`
    pixelFlags bool - meta.code.error The flags of pixels could not all be set.
    pixelFlags_offimage bool - meta.code.error The centre lies off the image.`),
  ...Object.entries(PIXELS).flatMap(([flag, what]) =>
    describeColumns(`
      pixelFlags_${flag} bool - meta.code.qual;instr.pixel Among its pixels is one ${what}.
      ${WITHOUT_CENTRE.includes(flag) ? '' : centreFlag(flag, what)}`),
  ),
];

function centreFlag(flag: string, what: string): string {
  return `pixelFlags_${flag}Center bool - meta.code.qual;instr.pixel Among the 9 pixels around its
    | centre is one ${what}.`;
}

/** Of every pair of a fit's parameters; none but the old versions have them. */
function covariances(fit: string, units: Record<string, string>): Column[] {
  const parameters = Object.entries(units);
  return parameters.flatMap(([a, unitA], i) =>
    parameters.slice(i + 1).map(([b, unitB]): Column => {
      const [first, second] = [`${fit}${a}`, `${fit}${b}`];
      return {
        name: `${first}_${second}_Cov`,
        type: 'float',
        unit: unitA === unitB ? `${unitA}**2` : `${unitA}.${unitB}`,
        ucd: 'stat.covariance',
        description: `Covariance of ${first} and ${second}; until 7.4.`,
      };
    }),
  );
}
