import { icrsToGalactic } from '../../common/astro/coordinates.ts';
import type { SourceHistory } from './history.ts';
import { packDesignation, ssObjectId } from './lsst-names.ts';
import type { LsstRecord } from './lsst-records.ts';
import { createRandom, gaussian, integer, uniform } from './random.ts';
import type { Random } from './random.ts';
import { sunRa } from './sky-geometry.ts';

const DEGREE = Math.PI / 180;
const OBLIQUITY = 23.4393 * DEGREE;
/** Kilometres per second in an astronomical unit per day. */
const KM_S_PER_AU_DAY = 1731.457;

/** Where a moving source was at one detection. */
export function solarSystemSource(
  history: SourceHistory,
  place: number,
  detection: LsstRecord,
): LsstRecord {
  const { source, looks } = history;
  const { visit } = looks[place];
  const random = createRandom(source.index, visit.key, 0x5353);
  const [ra, dec] = [Number(detection.ra), Number(detection.dec)];
  const { lambda, beta } = ecliptic(ra, dec);
  const { l, b } = icrsToGalactic(ra, dec);
  const elongation = Math.abs(((ra - sunRa(visit.mjd) + 540) % 360) - 180);
  const helioRange = heliocentricDistance(history);
  // The triangle of Sun, Earth (at 1 au) and body, with the elongation at the Earth.
  const cosine = Math.cos(elongation * DEGREE);
  const topoRange = cosine + Math.sqrt(cosine ** 2 - 1 + helioRange ** 2);
  const phaseAngle = Math.asin(Math.sin(elongation * DEGREE) / helioRange) / DEGREE;
  const topo = fromSphere(lambda, beta, topoRange);
  const earth = fromSphere(sunRa(visit.mjd) + 180, 0, 1);
  const helio = topo.map((value, n) => value + earth[n]);
  const speed = Math.sqrt(887 / helioRange);
  const velocity = [-helio[1], helio[0], 0.03].map((value) => (value / helioRange) * speed);
  const { eastArcsecPerDay, northArcsecPerDay } = source.moving;
  const [rateRa, rateDec] = [eastArcsecPerDay / 3600, northArcsecPerDay / 3600];
  const [offsetRa, offsetDec] = [gaussian(random, 0, 0.05), gaussian(random, 0, 0.05)];
  const relative = [velocity[0] * 0.3, velocity[1] * 0.3 - 9, velocity[2]];
  return {
    diaSourceId: detection.diaSourceId,
    ssObjectId: ssObjectId(packDesignation(source.moving.name)),
    designation: source.moving.name,
    eclLambda: lambda,
    eclBeta: beta,
    galLon: l,
    galLat: b,
    elongation,
    phaseAngle,
    topoRange,
    topoRangeRate: uniform(random, -12, 12),
    helioRange,
    helioRangeRate: uniform(random, -2, 2),
    ephRa: ra - offsetRa / 3600 / Math.cos(dec * DEGREE),
    ephDec: dec - offsetDec / 3600,
    ephVmag: source.moving.mag + 0.2,
    ephRate: Math.hypot(rateRa, rateDec),
    ephRateRa: rateRa,
    ephRateDec: rateDec,
    ephOffset: Math.hypot(offsetRa, offsetDec),
    ephOffsetRa: offsetRa,
    ephOffsetDec: offsetDec,
    ephOffsetAlongTrack: offsetRa,
    ephOffsetCrossTrack: offsetDec,
    ...vector('helio', helio, velocity),
    ...vector('topo', topo, relative),
    diaDistanceRank: 1,
  };
}

function vector(name: string, at: number[], velocity: number[]): LsstRecord {
  return {
    [`${name}_x`]: at[0],
    [`${name}_y`]: at[1],
    [`${name}_z`]: at[2],
    [`${name}_vx`]: velocity[0],
    [`${name}_vy`]: velocity[1],
    [`${name}_vz`]: velocity[2],
    [`${name}_vtot`]: Math.hypot(...velocity),
  };
}

const heliocentricDistance = ({ source }: SourceHistory) =>
  semiMajorAxis(source.index) * (1 + 0.06 * Math.sin(source.index));

/** Main belt. */
const semiMajorAxis = (index: number) => uniform(createRandom(index, 0x4f52), 2.15, 3.25);

function ecliptic(ra: number, dec: number): { lambda: number; beta: number } {
  const [sinRa, cosRa] = [Math.sin(ra * DEGREE), Math.cos(ra * DEGREE)];
  const [sinDec, cosDec] = [Math.sin(dec * DEGREE), Math.cos(dec * DEGREE)];
  const y = sinRa * cosDec * Math.cos(OBLIQUITY) + sinDec * Math.sin(OBLIQUITY);
  const z = sinDec * Math.cos(OBLIQUITY) - sinRa * cosDec * Math.sin(OBLIQUITY);
  const lambda = (Math.atan2(y, cosRa * cosDec) / DEGREE + 360) % 360;
  return { lambda, beta: Math.asin(z) / DEGREE };
}

const fromSphere = (longitude: number, latitude: number, radius: number) => [
  radius * Math.cos(longitude * DEGREE) * Math.cos(latitude * DEGREE),
  radius * Math.sin(longitude * DEGREE) * Math.cos(latitude * DEGREE),
  radius * Math.sin(latitude * DEGREE),
];

const NONE = {
  yarkovsky: 0,
  srp: 0,
  a1: 0,
  a2: 0,
  a3: 0,
  dt: 0,
  yarkovsky_unc: 0,
  srp_unc: 0,
  a1_unc: 0,
  a2_unc: 0,
  a3_unc: 0,
  dt_unc: 0,
};

/** The Minor Planet Center's orbit of a moving source. */
export function solarSystemOrbit({ source }: SourceHistory): LsstRecord {
  const random = createRandom(source.index, 0x4f53);
  const { name, h } = source.moving;
  const packed = packDesignation(name);
  const a = semiMajorAxis(source.index);
  const e = uniform(random, 0.02, 0.25);
  const angles = {
    i: Math.abs(gaussian(random, 0, 9)),
    node: uniform(random, 0, 360),
    argperi: uniform(random, 0, 360),
  };
  const period = 365.25 * a ** 1.5;
  const opposition = 2 + integer(random, 18);
  const observations = 40 * opposition + integer(random, 200);
  const epoch = 61_000;
  return {
    id: 0,
    designation: name,
    packed_primary_provisional_designation: packed,
    unpacked_primary_provisional_designation: name,
    mpc_orb_jsonb: orbitText(random, { name, packed, h, a, e, ...angles }),
    created_at: 0n,
    updated_at: 0n,
    orbit_type_int: 11,
    u_param: 0,
    nopp: opposition,
    arc_length_total: 430 * opposition,
    arc_length_sel: 430 * opposition,
    nobs_total: observations,
    nobs_total_sel: observations - 12,
    a,
    q: a * (1 - e),
    e,
    ...angles,
    peri_time: epoch + uniform(random, -0.5, 0.5) * period,
    ...NONE,
    mean_anomaly: uniform(random, 0, 360),
    period,
    mean_motion: 360 / period,
    a_unc: 4.5e-9,
    q_unc: 2.9e-8,
    e_unc: 1e-8,
    i_unc: 1.1e-6,
    node_unc: 1.4e-5,
    argperi_unc: 1.5e-5,
    peri_time_unc: 2.3e-5,
    mean_anomaly_unc: 5e-6,
    period_unc: 4e-6,
    mean_motion_unc: 5e-10,
    epoch_mjd: epoch,
    h,
    g: 0.15,
    not_normalized_rms: 0,
    normalized_rms: uniform(random, 0.4, 0.9),
    earth_moid: Math.max(0.1, a * (1 - e) - 1),
    fitting_datetime: 0n,
  };
}

interface Elements {
  name: string;
  packed: string;
  h: number;
  a: number;
  e: number;
  i: number;
  node: number;
  argperi: number;
}

/** The orbit as the JSON text that the packets carry beside its columns, as long as theirs. */
function orbitText(random: Random, elements: Elements): string {
  const { name, packed, h, a, e, i, node, argperi } = elements;
  const velocity = KM_S_PER_AU_DAY / (1e5 * a);
  return JSON.stringify({
    CAR: {
      covariance: covariance(random),
      eigenvalues: sixOf(() => 10 ** uniform(random, -12, -7)),
      coefficient_names: ['x', 'y', 'z', 'vx', 'vy', 'vz'],
      coefficient_values: sixOf(
        () => uniform(random, -a, a) * (uniform(random) < 0.5 ? 1 : velocity),
      ),
      coefficient_uncertainties: sixOf(() => 10 ** uniform(random, -10, -7)),
    },
    COM: {
      covariance: covariance(random),
      eigenvalues: sixOf(() => 10 ** uniform(random, -12, -5)),
      coefficient_names: ['q', 'e', 'i', 'node', 'argperi', 'peri_time'],
      coefficient_values: [a * (1 - e), e, i, node, argperi, 61_000 + uniform(random, -900, 900)],
      coefficient_uncertainties: sixOf(() => 10 ** uniform(random, -9, -4)),
    },
    moid_data: { Mars: null, Earth: null, Venus: null, Jupiter: null },
    epoch_data: { epoch: 61_000, timeform: 'MJD', timesystem: 'TDT' },
    system_data: { eph: 'DE431', refsys: 'Ecliptic', refframe: 'ICRF' },
    software_data: { fitting_software_name: 'simulated', fitting_software_version: '1.0' },
    categorization: { orbit_type_int: 11, orbit_type_str: 'Main Belt', object_type_int: 0 },
    magnitude_data: { G: 0.15, H: h, G1: null, G2: null, G12: null },
    designation_data: {
      permid: '',
      orbfit_name: packed,
      designation_count: 1,
      packed_primary_provisional_designation: packed,
      unpacked_primary_provisional_designation: name,
    },
    orbit_fit_statistics: {
      numparams: 6,
      orbit_quality: 'good',
      sig_to_noise_ratio: sixOf(() => 10 ** uniform(random, 6, 8)),
    },
  });
}

const sixOf = (value: () => number) => Array.from({ length: 6 }, value);

/** Upper triangle of ten by ten, of which an orbit without forces fills six by six. */
function covariance(random: Random): Record<string, number | null> {
  const entries: Record<string, number | null> = {};
  for (let row = 0; row < 10; row++) {
    for (let column = row; column < 10; column++) {
      const isUsed = row < 6 && column < 6;
      entries[`cov${row}${column}`] = isUsed ? uniform(random, -1, 1) * 10 ** -12 : null;
    }
  }
  return entries;
}
