import {
  ENOUGH_ALERTS,
  dryRunRefusal,
  matchesPerNight,
  percent,
} from '../../common/filters/dry-run.ts';
import type { DryRun } from '../../common/filters/dry-run.ts';
import { dateOf, nightBars } from '../figures/filter-nights.ts';
import { recordCells, recordColumns, recordHeads } from './record-cells.ts';

/** What a dry run found, as its page shows it. */
export function dryRunView(found: DryRun, maxShare: number) {
  const { nights, sample } = found;
  const perNight = matchesPerNight(found);
  const columns = recordColumns(sample.at(0)?.record);
  return {
    ...found,
    ranOn: new Date(found.ranAt),
    from: dateOf(found.firstNight),
    to: dateOf(found.lastNight),
    sharePercent: percent(found.share),
    triedPercent: percent(found.objects === 0 ? 1 : found.objectsTried / found.objects),
    perNight,
    bytesPerNight: perNight * found.bytesPerMatch,
    nothingThere: found.alerts === 0,
    // Of a few alerts it is what any statement takes.
    costMs: found.alerts < ENOUGH_ALERTS ? undefined : found.msPer1000Alerts,
    refusal: dryRunRefusal(found, maxShare),
    figure: nightBars(
      nights.map(({ nid, matches }) => ({ nid, count: matches })),
      'Matches per night of the dry run',
    ),
    rows: nights
      .filter(({ alerts }) => alerts > 0)
      .map((night) => ({ ...night, date: dateOf(night.nid) }))
      .reverse(),
    columns: recordHeads(columns, sample.at(0)?.record),
    records: sample.map(({ objectId, record }) => ({
      objectId,
      cells: recordCells(record, columns),
    })),
  };
}
