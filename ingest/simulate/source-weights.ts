import type { Survey } from '../../common/config.ts';
import type { WorkloadName } from './options.ts';

export type SourceKind =
  | 'snIa'
  | 'snIbc'
  | 'snII'
  | 'tde'
  | 'agn'
  | 'rrLyrae'
  | 'eclipsing'
  | 'dwarfNova'
  | 'asteroid'
  | 'bogus';

type Weights = readonly (readonly [SourceKind, number])[];

/** How often each kind is tried; what is too faint or constant in a night gives no alert. */
const ZTF_NIGHT: Weights = [
  ['asteroid', 23],
  ['bogus', 11],
  ['rrLyrae', 62],
  ['eclipsing', 60],
  ['agn', 30],
  ['dwarfNova', 2.5],
  ['snIa', 1.5],
  ['snII', 0.9],
  ['snIbc', 0.5],
  ['tde', 0.3],
];
const ZTF_COLD: Weights = [
  ['rrLyrae', 40],
  ['agn', 25],
  ['eclipsing', 15],
  ['dwarfNova', 8],
  ['snIa', 6],
  ['snII', 5],
  ['snIbc', 1],
  ['tde', 1],
];
const LSST_NIGHT: Weights = [
  ['asteroid', 7],
  ['bogus', 17],
  ['rrLyrae', 22],
  ['eclipsing', 22],
  ['agn', 24],
  ['dwarfNova', 1],
  ['snIa', 2],
  ['snII', 1.3],
  ['snIbc', 0.5],
  ['tde', 0.4],
];
const LSST_DEEP: Weights = [
  ['rrLyrae', 50],
  ['agn', 40],
  ['snIa', 6],
  ['snII', 4],
];
export const SOURCE_KINDS: Record<Survey, Record<WorkloadName, Weights>> = {
  ztf: { night: ZTF_NIGHT, steady: ZTF_NIGHT, cold: ZTF_COLD, deep: ZTF_COLD },
  lsst: { night: LSST_NIGHT, steady: LSST_NIGHT, cold: LSST_NIGHT, deep: LSST_DEEP },
};
