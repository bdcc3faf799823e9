import { describeColumns, forBands } from '../describe.ts';
import type { Table } from '../types.ts';

const OBJECT = `
  ssObjectId! id - meta.id;meta.main Rubin's number of the solar-system object.
  designation text(255) - meta.id Provisional designation, unpacked; since 10.0.
  nObs int - meta.number Rubin's observations; since 10.0.
  numObs int - meta.number What versions before 10.0 call nObs.
  arc float d time.duration Time between Rubin's first and last observation.
  firstObservationMjdTai double d time.start Rubin's first observation: MJD, TAI; since 10.0.
  firstObservationDate double d time.start Rubin's first observation: MJD, TAI; until 7.4.
  discoverySubmissionDate double d time.epoch When Rubin reported the discovery: MJD; until 7.4.
  MOIDEarth float AU pos.distance;stat.min Least distance between the orbits of the object and the
    | Earth; since 10.0.
  MOIDEarthDeltaV float km/s phys.veloc Relative speed at that point.
  MOIDEarthEclipticLongitude float deg pos.ecliptic.lon Ecliptic longitude of that point.
  MOIDEarthTrueAnomaly float deg src.orbital True anomaly of that point on the Earth's orbit.
  MOIDEarthTrueAnomalyObject float deg src.orbital True anomaly of that point on the object's orbit.
  MOID float AU pos.distance;stat.min Least distance between the orbits of the object and the Earth;
    | until 7.4.
  MOIDDeltaV float km/s phys.veloc Relative speed at that point; until 7.4.
  MOIDEclipticLongitude float deg pos.ecliptic.lon Ecliptic longitude of that point; until 7.4.
  MOIDTrueAnomaly float deg src.orbital True anomaly of that point; until 7.4.
  tisserand_J float - src.orbital.TissJ Tisserand parameter with respect to Jupiter: below 3 for most
    | comets.
  extendednessMin float - src.class.starGalaxy;stat.min Least extendedness of its detections.
  extendednessMedian float - src.class.starGalaxy;stat.median Median extendedness of its detections.
  extendednessMax float - src.class.starGalaxy;stat.max Largest extendedness of its detections.
  medianExtendedness float - src.class.starGalaxy;stat.median What versions before 10.0 call
    | extendednessMedian.`;

const PHASE_CURVE = `
  *_nObs int - meta.number;* Observations in *; since 10.0.
  *_nObsUsed int - meta.number;* Observations in the phase curve in *; since 10.0.
  *_Ndata int - meta.number;* What versions before 10.0 call *_nObsUsed.
  *_H float mag phys.magAbs;* Absolute magnitude H in *.
  *_HErr float mag stat.error;phys.magAbs;* Uncertainty of *_H.
  *_G12 float - stat.fit.param;* Slope G12 of the phase curve in *.
  *_G12Err float - stat.error;stat.fit.param;* Uncertainty of *_G12.
  *_H_*_G12_Cov float mag stat.covariance;* Covariance of *_H and *_G12.
  *_Chi2 float - stat.fit.chi2;* Chi-square of the phase curve in *.
  *_phaseAngleMin float deg pos.phaseAng;stat.min Least phase angle observed in *.
  *_phaseAngleMax float deg pos.phaseAng;stat.max Largest phase angle observed in *.
  *_slope_fit_failed bool - meta.code.error G12 in * could not be fitted and is a typical value.`;

const SOURCE = `
  diaSourceId! id - meta.id;meta.main Detection this is about.
  ssObjectId! id - meta.id.parent Rubin's number of the solar-system object.
  designation text(255) - meta.id Provisional designation, unpacked; since 10.0.
  diaDistanceRank int - stat.rank 1 if no other detection lies nearer to the predicted position.
  phaseAngle float deg pos.phaseAng Angle Sun - object - observer.
  elongation float deg pos.angDistance Angle Sun - observer - object.
  eclLambda double deg pos.ecliptic.lon Ecliptic longitude; since 10.0.
  eclBeta double deg pos.ecliptic.lat Ecliptic latitude; since 10.0.
  galLon double deg pos.galactic.lon Galactic longitude; since 10.0.
  galLat double deg pos.galactic.lat Galactic latitude; since 10.0.
  eclipticLambda double deg pos.ecliptic.lon What 8.0 and 9.0 call eclLambda.
  eclipticBeta double deg pos.ecliptic.lat What 8.0 and 9.0 call eclBeta.
  galacticL double deg pos.galactic.lon What 8.0 and 9.0 call galLon.
  galacticB double deg pos.galactic.lat What 8.0 and 9.0 call galLat.`;

const EPHEMERIS = `
  ephRa double deg pos.eq.ra;pos.ephem Predicted right ascension, ICRS.
  ephDec double deg pos.eq.dec;pos.ephem Predicted declination, ICRS.
  ephVmag float mag phot.mag;em.opt.V;pos.ephem Predicted V magnitude.
  predictedVMagnitude float mag phot.mag;em.opt.V;pos.ephem What 8.0 and 9.0 call ephVmag.
  ephRate float deg/d phys.veloc.ang;pos.ephem Predicted motion on the sky.
  ephRateRa float deg/d phys.veloc.ang;pos.eq.ra Predicted motion in right ascension, on the sky.
  ephRateDec float deg/d phys.veloc.ang;pos.eq.dec Predicted motion in declination.
  ephOffset float arcsec pos.angDistance;stat.fit.omc Distance of the detection from the prediction.
  ephOffsetRa double arcsec pos.angDistance;pos.eq.ra Offset in right ascension, on the sky: observed
    | minus predicted.
  ephOffsetDec double arcsec pos.angDistance;pos.eq.dec Offset in declination: observed minus
    | predicted.
  ephOffsetAlongTrack float arcsec pos.angDistance;stat.fit.omc Offset along the predicted motion.
  ephOffsetCrossTrack float arcsec pos.angDistance;stat.fit.omc Offset across the predicted motion.
  residualRa double deg pos.eq.ra;stat.fit.omc Offset in right ascension in 8.0 and 9.0.
  residualDec double deg pos.eq.dec;stat.fit.omc Offset in declination in 8.0 and 9.0.`;

const OLD_AND_NEW_STATES = {
  helio: { seenFrom: 'the Sun', old: 'heliocentric', ucd: 'pos.heliocentric' },
  topo: { seenFrom: 'the telescope', old: 'topocentric', ucd: 'pos.geocentric' },
};

/** Rubin's own record of solar-system objects. */
export const LSST_SS_OBJECTS: Table = {
  database: 'lsst',
  name: 'ssObjects',
  description:
    "Solar-system objects as Rubin knows them. Alerts carry this record until 7.4 only; from 8.0 on the orbit is in mpc_orbits and each detection's geometry in ssSources.",
  isPublic: true,
  primaryKey: ['ssObjectId'],
  indexes: [],
  columns: [...describeColumns(OBJECT), ...forBands('ugrizy', PHASE_CURVE)],
};

/** Where a solar-system object was at each detection. */
export const LSST_SS_SOURCES: Table = {
  database: 'lsst',
  name: 'ssSources',
  description:
    'Detections of solar-system objects: where the object was and where it was predicted; since 8.0. In alerts of March 2026 the distances come 149,597,870.7 times too small and the speeds in AU a day; they are stored as they came.',
  isPublic: true,
  primaryKey: ['ssObjectId', 'diaSourceId'],
  indexes: [{ columns: ['diaSourceId'] }],
  columns: describeColumns([SOURCE, EPHEMERIS, ...stateVectors()].join('\n')),
};

/** Distances and vectors as the light left the object, under the names of old and new versions. */
function stateVectors(): string[] {
  return Object.entries(OLD_AND_NEW_STATES).flatMap(([now, { seenFrom, old, ucd }]) => [
    `${now}Range float AU pos.distance;${ucd} Distance from ${seenFrom}; since 10.0.
     ${now}RangeRate float km/s phys.veloc;${ucd} Speed away from ${seenFrom}; since 10.0.
     ${old}Dist float AU pos.distance;${ucd} What 8.0 and 9.0 call ${now}Range.
     ${now}_vtot float km/s phys.veloc;${ucd} Speed relative to ${seenFrom}; since 10.0.`,
    ...['x', 'y', 'z'].map(
      (axis) => `
     ${now}_${axis} float AU pos.cartesian.${axis};${ucd} ${axis} of the position from ${seenFrom}, ICRS
       | axes; since 10.0.
     ${now}_v${axis} float km/s phys.veloc;pos.cartesian.${axis} ${axis} of the velocity relative to
       | ${seenFrom}, ICRS axes; since 10.0.
     ${old}${axis.toUpperCase()} float AU pos.cartesian.${axis};${ucd} What 8.0 and 9.0 call
       | ${now}_${axis}.
     ${old}V${axis.toUpperCase()} float AU/d phys.veloc;pos.cartesian.${axis} What 8.0 and 9.0 call
       | ${now}_v${axis}, in AU a day.`,
    ),
  ]);
}
