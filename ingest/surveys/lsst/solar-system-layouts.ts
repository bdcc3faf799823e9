import { avroFields, perBand, retype } from '../../../common/avro/notation.ts';
import type { Layout } from './packet-schemas.ts';

const BANDS = 'ugrizy';

const object1000 = avroFields(`
  long: ssObjectId string?: designation int: nObs float: arc double?: firstObservationMjdTai
  float?: MOIDEarth MOIDEarthDeltaV MOIDEarthEclipticLongitude MOIDEarthTrueAnomaly
  MOIDEarthTrueAnomalyObject tisserand_J extendednessMax extendednessMedian extendednessMin
  ${perBand(
    BANDS,
    `int?: *_nObs float?: *_H *_HErr *_G12 *_G12Err *_H_*_G12_Cov int?: *_nObsUsed
    float?: *_Chi2 *_phaseAngleMin *_phaseAngleMax boolean?: *_slope_fit_failed`,
  )}`);

/** What the survey knows of a solar-system object; no packet carries it from 8.0 on. */
export const SS_OBJECT: Layout = {
  700: avroFields(`
    long: ssObjectId double?: discoverySubmissionDate firstObservationDate float?: arc
    int?: numObs float?: MOID MOIDTrueAnomaly MOIDEclipticLongitude MOIDDeltaV
    ${perBand(BANDS, 'float?: *_H *_G12 *_HErr *_G12Err *_H_*_G12_Cov *_Chi2 int?: *_Ndata')}
    float?: medianExtendedness`),
  1000: object1000,
  1100: retype(object1000, `int: ${perBand(BANDS, '*_nObs *_nObsUsed')}`),
};

/** Where a solar-system object was at one detection. */
export const SS_SOURCE: Layout = {
  800: avroFields(`
    long?: ssObjectId diaSourceId double?: eclipticLambda eclipticBeta galacticL galacticB
    float?: phaseAngle heliocentricDist topocentricDist predictedVMagnitude
    double?: residualRa residualDec
    float?: heliocentricX heliocentricY heliocentricZ heliocentricVX heliocentricVY heliocentricVZ
    topocentricX topocentricY topocentricZ topocentricVX topocentricVY topocentricVZ`),
  1000: avroFields(`
    long: diaSourceId ssObjectId string?: designation double: eclLambda eclBeta galLon galLat
    float?: elongation phaseAngle topoRange topoRangeRate helioRange helioRangeRate
    double?: ephRa ephDec float?: ephVmag ephRate ephRateRa ephRateDec ephOffset
    double?: ephOffsetRa ephOffsetDec float?: ephOffsetAlongTrack ephOffsetCrossTrack
    helio_x helio_y helio_z helio_vx helio_vy helio_vz helio_vtot
    topo_x topo_y topo_z topo_vx topo_vy topo_vz topo_vtot int?: diaDistanceRank`),
};

/** Orbit from the Minor Planet Center, as versions 8 and 9 send it. */
export const MPCORB: Layout = {
  800: avroFields(`
    string?: mpcDesignation long?: ssObjectId float?: mpcH
    double?: epoch M peri node incl e a q t_p`),
};

/** Orbit from the Minor Planet Center, from 10.0 on. */
export const MPC_ORBITS: Layout = {
  1000: avroFields(`
    int: id string: designation packed_primary_provisional_designation
    unpacked_primary_provisional_designation string?: mpc_orb_jsonb
    micros?: created_at updated_at int?: orbit_type_int u_param nopp
    double?: arc_length_total arc_length_sel int?: nobs_total nobs_total_sel
    double?: a q e i node argperi peri_time yarkovsky srp a1 a2 a3 dt mean_anomaly period
    mean_motion a_unc q_unc e_unc i_unc node_unc argperi_unc peri_time_unc yarkovsky_unc srp_unc
    a1_unc a2_unc a3_unc dt_unc mean_anomaly_unc period_unc mean_motion_unc epoch_mjd h g
    not_normalized_rms normalized_rms earth_moid micros?: fitting_datetime`),
};
