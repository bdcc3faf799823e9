import { describeColumns } from '../describe.ts';
import type { Column, Table } from '../types.ts';

const IDENTITY = `
  designation! name(64) - meta.id;meta.main Provisional designation; unpacked since 10.0, as the packet
    | gives it before that.
  id int - meta.record Row at the Minor Planet Center.
  ssObjectId id - meta.id.cross Rubin's number of the object; 8.0 and 9.0 only.
  packed_primary_provisional_designation text(64) - meta.id Provisional designation, packed.
  unpacked_primary_provisional_designation text(64) - meta.id Provisional designation, unpacked.
  mpc_orb_jsonb json - meta.note The whole orbit solution as JSON.
  created_at id us time.creation When the Minor Planet Center made this row: microseconds since 1970
    | UTC; 0 unknown.
  updated_at id us time.processing When it changed this row: microseconds since 1970 UTC; 0 unknown.
  fitting_datetime id us time.processing When it last fitted the orbit: microseconds since 1970 UTC; 0
    | unknown.`;

const FIT = `
  orbit_type_int int - meta.code.class Class of the orbit: the number that the Minor Planet Center gives
    | it.
  u_param int - meta.code.qual Uncertainty of the orbit: 0 sure to 9 poor.
  nopp int - meta.number Oppositions observed.
  nobs_total int - meta.number Observations, optical and radar.
  nobs_total_sel int - meta.number Observations in the fit.
  arc_length_total double d time.duration Time between the first and the last observation.
  arc_length_sel double d time.duration Time between the first and the last observation in the fit.
  normalized_rms double - stat.fit.residual Residual rms over the uncertainties.
  not_normalized_rms double arcsec stat.fit.residual Residual rms.
  epoch_mjd double d time.epoch Epoch of the elements: MJD, TT.
  h double mag phys.magAbs Absolute magnitude H.
  g double - stat.fit.param Slope G of the phase curve.
  earth_moid double AU pos.distance;stat.min Least distance between the orbits of the object and the
    | Earth.`;

/** Every one of these has its uncertainty in a column of its own. */
const ELEMENTS = `
  a double AU phys.size.smajAxis;src.orbital Semi-major axis.
  q double AU pos.distance;src.orbital.periastron Perihelion distance.
  e double - src.orbital.eccentricity Eccentricity.
  i double deg src.orbital.inclination Inclination to the ecliptic, J2000.
  node double deg src.orbital.node Longitude of the ascending node, J2000.
  argperi double deg src.orbital.periastron Argument of perihelion, J2000.
  peri_time double d time.epoch;src.orbital.periastron Passage through perihelion: MJD.
  mean_anomaly double deg src.orbital.meanAnomaly Mean anomaly at epoch_mjd.
  mean_motion double deg/d src.orbital.meanMotion Mean motion.
  period double d time.period.revolution Orbital period.
  yarkovsky double 10**-10AU/d**2 phys.acceleration Yarkovsky acceleration.
  srp double m**2/Mg phys.acceleration Solar radiation pressure: area over mass.
  a1 double m**2/Mg phys.acceleration Non-gravitational acceleration away from the Sun.
  a2 double m**2/Mg phys.acceleration Non-gravitational acceleration along the motion.
  a3 double m**2/Mg phys.acceleration Non-gravitational acceleration across the orbit plane.
  dt double d time.interval Delay of the non-gravitational acceleration behind perihelion.`;

/**
 * Attributes of MPCORB, the record of 8.0 and 9.0, with the columns that hold the same under the
 * names of 10.0 and later. Attributes that are not named have a column of their own name.
 */
export const MPCORB_COLUMNS: Readonly<Record<string, string>> = {
  mpcDesignation: 'designation',
  mpcH: 'h',
  epoch: 'epoch_mjd',
  M: 'mean_anomaly',
  peri: 'argperi',
  incl: 'i',
  t_p: 'peri_time',
};

/** Orbits of solar-system objects, from the Minor Planet Center through Rubin. */
export const LSST_MPC_ORBITS: Table = {
  database: 'lsst',
  name: 'mpc_orbits',
  description:
    'Orbits that the Minor Planet Center gives, as of the newest alert of each object. Alerts of 8.0 and 9.0 call the record MPCORB and give fewer columns.',
  isPublic: true,
  primaryKey: ['designation'],
  indexes: [{ columns: ['ssObjectId'] }],
  columns: [
    ...describeColumns(IDENTITY),
    ...describeColumns(FIT),
    ...describeColumns(ELEMENTS).flatMap((element) => [element, uncertaintyOf(element)]),
  ],
};

/** The same table as the records of 8.0 and 9.0 fill it. */
export const LSST_MPC_ORBITS_FROM_MPCORB: Table = {
  ...LSST_MPC_ORBITS,
  columns: LSST_MPC_ORBITS.columns.map((column) => {
    const renamed = Object.entries(MPCORB_COLUMNS).find(([, name]) => name === column.name);
    return renamed === undefined ? column : { ...column, attribute: renamed[0] };
  }),
};

function uncertaintyOf(element: Column): Column {
  return {
    ...element,
    name: `${element.name}_unc`,
    ...(element.ucd && { ucd: `stat.error;${element.ucd}` }),
    description: `Uncertainty of ${element.name}.`,
  };
}
