import {
  avroFields,
  insertAfter,
  perBand,
  retype,
  without,
} from '../../../common/avro/notation.ts';
import type { Layout } from './packet-schemas.ts';

const BANDS = 'ugrizy';
const PIXEL_FLAGS = `
  pixelFlags_interpolated pixelFlags_interpolatedCenter pixelFlags_offimage pixelFlags_saturated
  pixelFlags_saturatedCenter pixelFlags_suspect pixelFlags_suspectCenter pixelFlags_streak
  pixelFlags_streakCenter pixelFlags_injected pixelFlags_injectedCenter
  pixelFlags_injected_template pixelFlags_injected_templateCenter`;
const SHAPE_FLAGS =
  'shape_flag shape_flag_no_pixels shape_flag_not_contained shape_flag_parent_source';
const FORCED_FLAGS =
  'forced_PsfFlux_flag forced_PsfFlux_flag_edge forced_PsfFlux_flag_noGoodPixels';

const source700 = avroFields(`
  long: diaSourceId visit int: detector long?: diaObjectId ssObjectId parentDiaSourceId
  double: midpointMjdTai ra float?: raErr double: dec float?: decErr ra_dec_Cov
  float: x float?: xErr float: y float?: yErr x_y_Cov boolean?: centroid_flag
  float?: apFlux apFluxErr boolean?: apFlux_flag apFlux_flag_apertureTruncated
  float?: snr psfFlux psfFluxErr double?: psfRa float?: psfRaErr double?: psfDec
  float?: psfDecErr psfFlux_psfRa_Cov psfFlux_psfDec_Cov psfRa_psfDec_Cov psfLnL psfChi2
  int?: psfNdata boolean?: psfFlux_flag psfFlux_flag_edge psfFlux_flag_noGoodPixels
  float?: trailFlux trailFluxErr double?: trailRa float?: trailRaErr double?: trailDec
  float?: trailDecErr trailLength trailLengthErr trailAngle trailAngleErr
  trailFlux_trailRa_Cov trailFlux_trailDec_Cov trailFlux_trailLength_Cov
  trailFlux_trailAngle_Cov trailRa_trailDec_Cov trailRa_trailLength_Cov trailRa_trailAngle_Cov
  trailDec_trailLength_Cov trailDec_trailAngle_Cov trailLength_trailAngle_Cov trailLnL trailChi2
  int?: trailNdata boolean?: trail_flag_edge
  float?: dipoleMeanFlux dipoleMeanFluxErr dipoleFluxDiff dipoleFluxDiffErr
  double?: dipoleRa float?: dipoleRaErr double?: dipoleDec
  float?: dipoleDecErr dipoleLength dipoleLengthErr dipoleAngle dipoleAngleErr
  dipoleMeanFlux_dipoleFluxDiff_Cov dipoleMeanFlux_dipoleRa_Cov dipoleMeanFlux_dipoleDec_Cov
  dipoleMeanFlux_dipoleLength_Cov dipoleMeanFlux_dipoleAngle_Cov dipoleFluxDiff_dipoleRa_Cov
  dipoleFluxDiff_dipoleDec_Cov dipoleFluxDiff_dipoleLength_Cov dipoleFluxDiff_dipoleAngle_Cov
  dipoleRa_dipoleDec_Cov dipoleRa_dipoleLength_Cov dipoleRa_dipoleAngle_Cov
  dipoleDec_dipoleLength_Cov dipoleDec_dipoleAngle_Cov dipoleLength_dipoleAngle_Cov dipoleLnL
  dipoleChi2 int?: dipoleNdata boolean?: ${FORCED_FLAGS}
  float?: snapDiffFlux snapDiffFluxErr fpBkgd fpBkgdErr ixx ixxErr iyy iyyErr ixy ixyErr
  ixx_iyy_Cov ixx_ixy_Cov iyy_ixy_Cov ixxPSF iyyPSF ixyPSF boolean?: ${SHAPE_FLAGS}
  float?: extendedness reliability string?: band
  boolean?: pixelFlags pixelFlags_bad pixelFlags_cr pixelFlags_crCenter pixelFlags_edge
  ${PIXEL_FLAGS}`);
const source702 = insertAfter(source700, 'band', 'boolean?: dipoleFitAttempted');
const source703 = insertAfter(source702, 'centroid_flag', 'boolean?: is_negative');
const source704 = insertAfter(
  insertAfter(
    without(source703, 'is_negative'),
    'apFlux_flag_apertureTruncated',
    'boolean?: is_negative',
  ),
  'pixelFlags_edge',
  'boolean?: pixelFlags_nodata pixelFlags_nodataCenter',
);
const source800 = avroFields(`
  long: diaSourceId visit int: detector long?: diaObjectId ssObjectId parentDiaSourceId
  double: midpointMjdTai ra float?: raErr double: dec float?: decErr ra_dec_Cov
  float: x float?: xErr float: y float?: yErr boolean?: centroid_flag float?: apFlux apFluxErr
  boolean?: apFlux_flag apFlux_flag_apertureTruncated isNegative
  float?: snr psfFlux psfFluxErr psfLnL psfChi2 int?: psfNdata
  boolean?: psfFlux_flag psfFlux_flag_edge psfFlux_flag_noGoodPixels
  float?: trailFlux trailFluxErr double?: trailRa float?: trailRaErr double?: trailDec
  float?: trailDecErr trailLength trailLengthErr trailAngle trailAngleErr trailChi2
  int?: trailNdata boolean?: trail_flag_edge
  float?: dipoleMeanFlux dipoleMeanFluxErr dipoleFluxDiff dipoleFluxDiffErr dipoleLength
  dipoleAngle dipoleChi2 int?: dipoleNdata float?: scienceFlux scienceFluxErr
  boolean?: ${FORCED_FLAGS} float?: templateFlux templateFluxErr ixx iyy ixy ixxPSF iyyPSF ixyPSF
  boolean?: ${SHAPE_FLAGS} float?: extendedness reliability string?: band
  boolean?: isDipole dipoleFitAttempted micros: time_processed int?: bboxSize
  boolean?: pixelFlags pixelFlags_bad pixelFlags_cr pixelFlags_crCenter pixelFlags_edge
  pixelFlags_nodata pixelFlags_nodataCenter ${PIXEL_FLAGS} glint_trail`);
const source900 = without(
  insertAfter(
    source800,
    'time_processed',
    'double: timeProcessedMjdTai double?: timeWithdrawnMjdTai',
  ),
  'time_processed',
);
const source1100 = retype(source900, 'int: psfNdata trailNdata dipoleNdata bboxSize');
const source1101 = [
  ['midpointMjdTai', 'float?: exposureTime'],
  ['trailNdata', 'int?: trailAlgorithm'],
  ['trail_flag_edge', 'boolean?: trail_flag'],
  ['reliability', 'string?: reliabilityVersion'],
].reduce((fields, [name, notation]) => insertAfter(fields, name, notation), source1100);

/** One detection on a difference image. */
export const DIA_SOURCE: Layout = {
  700: source700,
  702: source702,
  703: source703,
  704: source704,
  800: source800,
  900: source900,
  1100: source1100,
  1101: source1101,
};

const object800 = avroFields(`
  long: diaObjectId micros: validityStart
  double: ra float?: raErr double: dec float?: decErr ra_dec_Cov
  ${perBand(
    BANDS,
    `float?: *_psfFluxMean *_psfFluxMeanErr *_psfFluxSigma int?: *_psfFluxNdata
    float?: *_fpFluxMean *_fpFluxMeanErr`,
  )}
  ${perBand(BANDS, '*_scienceFluxMean *_scienceFluxMeanErr')}
  ${perBand(BANDS, '*_psfFluxMin *_psfFluxMax *_psfFluxMaxSlope *_psfFluxErrMean')}
  double?: firstDiaSourceMjdTai lastDiaSourceMjdTai int: nDiaSources`);
const object900 = without(
  insertAfter(object800, 'validityStart', 'double: validityStartMjdTai'),
  'validityStart',
);

/** What the survey knows of one place in the sky where it found detections. */
export const DIA_OBJECT: Layout = {
  700: avroFields(`
    long: diaObjectId double: ra float?: raErr double: dec float?: decErr ra_dec_Cov
    double?: radecMjdTai float?: pmRa pmRaErr pmDec pmDecErr parallax parallaxErr pmRa_pmDec_Cov
    pmRa_parallax_Cov pmDec_parallax_Cov pmParallaxLnL pmParallaxChi2 int?: pmParallaxNdata
    ${perBand(
      BANDS,
      `float?: *_psfFluxMean *_psfFluxMeanErr *_psfFluxSigma *_psfFluxChi2 int?: *_psfFluxNdata
      float?: *_fpFluxMean *_fpFluxMeanErr *_fpFluxSigma`,
    )}
    ${perBand('123', 'long?: nearbyObj* float?: nearbyObj*Dist nearbyObj*LnP')}
    ${perBand(BANDS, '*_psfFluxErrMean')}`),
  800: object800,
  900: object900,
  1100: retype(object900, `int: ${perBand(BANDS, '*_psfFluxNdata')}`),
};

const forced700 = avroFields(`
  long: diaForcedSourceId diaObjectId visit int: detector float?: psfFlux psfFluxErr x y
  double: midpointMjdTai string?: band`);
const forced701 = insertAfter(without(forced700, 'x', 'y'), 'diaObjectId', 'double: ra dec');
const forced800 = [
  ...insertAfter(forced701, 'midpointMjdTai', 'float?: scienceFlux scienceFluxErr'),
  ...avroFields('micros: time_processed'),
];

/** Flux measured at an object's position on an image whether or not there was a detection. */
export const DIA_FORCED_SOURCE: Layout = {
  700: forced700,
  701: forced701,
  800: forced800,
  900: [
    ...without(forced800, 'time_processed'),
    ...avroFields('double: timeProcessedMjdTai double?: timeWithdrawnMjdTai'),
  ],
};

/** Noise of an image that covered the object without detecting it. */
export const DIA_NONDETECTION_LIMIT: Layout = {
  700: avroFields('long: ccdVisitId double: midpointMjdTai string: band float: diaNoise'),
};
