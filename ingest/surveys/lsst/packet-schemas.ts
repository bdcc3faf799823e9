import { avroFields, packetSchema } from '../../../common/avro/notation.ts';
import type { AvroField, AvroRecord } from '../../../common/avro/notation.ts';
import {
  DIA_FORCED_SOURCE,
  DIA_NONDETECTION_LIMIT,
  DIA_OBJECT,
  DIA_SOURCE,
} from './dia-layouts.ts';
import { MPCORB, MPC_ORBITS, SS_OBJECT, SS_SOURCE } from './solar-system-layouts.ts';

/**
 * Fields of a record by the version that brought them in, written as on the wire: 100 * major +
 * minor. A version that is not named has the fields of the one before it.
 */
export type Layout = Record<number, AvroField[]>;

/** Versions that Rubin has sent alerts in, major and minor, oldest first. */
export const RUBIN_VERSIONS: readonly (readonly [major: number, minor: number])[] = [
  [7, 0],
  [7, 1],
  [7, 2],
  [7, 3],
  [7, 4],
  [8, 0],
  [9, 0],
  [10, 0],
  [11, 0],
  [11, 1],
];

const CUTOUTS = 'bytes?: cutoutDifference cutoutScience cutoutTemplate';
const FROM_8 = `
  long: diaSourceId string?: observation_reason target_name diaSource: diaSource
  [diaSource]?: prvDiaSources [diaForcedSource]?: prvDiaForcedSources diaObject?: diaObject
  ssSource?: ssSource`;

const ALERT: Layout = {
  700: avroFields(`
    long: alertId diaSource: diaSource [diaSource]?: prvDiaSources
    [diaForcedSource]?: prvDiaForcedSources [diaNondetectionLimit]?: prvDiaNondetectionLimits
    diaObject?: diaObject ssObject?: ssObject ${CUTOUTS}`),
  800: avroFields(`${FROM_8} MPCORB?: MPCORB ${CUTOUTS}`),
  1000: avroFields(`${FROM_8} mpc_orbits?: mpc_orbits ${CUTOUTS}`),
};

const RECORDS: Record<string, Layout> = {
  alert: ALERT,
  diaSource: DIA_SOURCE,
  diaForcedSource: DIA_FORCED_SOURCE,
  diaNondetectionLimit: DIA_NONDETECTION_LIMIT,
  diaObject: DIA_OBJECT,
  ssObject: SS_OBJECT,
  ssSource: SS_SOURCE,
  MPCORB,
  mpc_orbits: MPC_ORBITS,
};

/**
 * The schema of Rubin's alerts of one version, for packets travel without it.
 *
 * @returns Nothing if Glint does not know the version.
 * @see https://github.com/lsst/alert_packet
 */
export function rubinSchema(major: number, minor: number): AvroRecord | undefined {
  if (!RUBIN_VERSIONS.some((version) => version[0] === major && version[1] === minor)) {
    return undefined;
  }
  const namespace = `lsst.v${major}_${minor}`;
  return packetSchema(
    'alert',
    { packet: namespace, inner: namespace },
    rubinLayouts(100 * major + minor),
  );
}

/** Fields of every record of one version, those that its packets do not carry included. */
export function rubinLayouts(schemaId: number): Record<string, AvroField[]> {
  const layouts = Object.entries(RECORDS).flatMap(([name, layout]) => {
    const since = Object.keys(layout)
      .map(Number)
      .filter((id) => id <= schemaId);
    return since.length === 0 ? [] : [[name, layout[Math.max(...since)]] as const];
  });
  return Object.fromEntries(layouts);
}
