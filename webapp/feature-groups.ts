import type { Survey } from '../common/config.ts';
import { LSST_FEATURES } from '../common/features/lsst/groups.ts';
import { ZTF_FEATURES } from '../common/features/ztf/groups.ts';
import type { Column } from '../common/schema/types.ts';
import { columnFamilies } from './column-families.ts';
import type { ColumnFamily } from './column-families.ts';

/** A group of columns of `objects` as pages show it. */
export interface ShownGroup {
  /** What links point to: `peak`, `rubins-counts`. */
  anchor: string;
  title: string;
  source: string;
  columns: readonly Column[];
  families: ColumnFamily[];
}

/** What `objects` of each survey says, group by group, in the order of its columns. */
export const FEATURE_GROUPS: Record<Survey, ShownGroup[]> = {
  ztf: ZTF_FEATURES.map(shownGroup),
  lsst: LSST_FEATURES.map(shownGroup),
};

function shownGroup(group: { name: string; source: string; columns: readonly Column[] }) {
  const { name, source, columns } = group;
  return {
    anchor: name
      .toLowerCase()
      .replace(/[’']/g, '')
      .replace(/[^a-z0-9]+/g, '-'),
    title: `${name[0].toUpperCase()}${name.slice(1)}`.replace("'", '’'),
    source,
    columns,
    families: columnFamilies(columns),
  };
}
