import { nightOfDate } from '../../common/astro/time.ts';
import type { Survey } from '../../common/config.ts';
import { tableName } from '../../common/schema/ddl.ts';
import { bulkLoad } from '../../common/store/bulk.ts';
import { createRowBuffer } from '../../common/store/row-buffer.ts';
import type { CutoutPacks } from '../../common/store/cutouts.ts';
import type { ServerKind, Transaction } from '../../common/store/database.ts';
import type { Alert } from '../surveys/survey.ts';

/** Where the cutouts of a batch went: kept between tries, so that nothing is written twice. */
export interface BatchCutouts {
  places: Map<bigint, { pack: string; position: number }>;
  /** Being written since the batch was prepared. */
  early?: Promise<void>;
}

interface CutoutTools {
  packs: CutoutPacks;
  now: () => Date;
}

/**
 * Begins to write the cutouts of a prepared batch, while the batch before it is being stored: they
 * are most of the bytes. A failure shows when the batch is stored.
 *
 * @param alerts - Those that will be new in the database and have cutouts.
 */
export function beginCutouts(tools: CutoutTools, alerts: readonly Alert[]): BatchCutouts {
  const cutouts: BatchCutouts = { places: new Map() };
  cutouts.early = appendCutouts(tools, alerts, cutouts);
  cutouts.early.catch(() => undefined);
  return cutouts;
}

/**
 * Resolves when the cutouts of these alerts are on the disk; those with a place already are.
 *
 * @throws {UpstreamError} if the disk does not take them.
 */
export async function finishCutouts(
  tools: CutoutTools,
  alerts: readonly Alert[],
  cutouts: BatchCutouts,
): Promise<void> {
  const { early } = cutouts;
  // Once only: if it failed, the next try writes them anew.
  delete cutouts.early;
  await early;
  await appendCutouts(tools, alerts, cutouts);
}

async function appendCutouts(
  tools: CutoutTools,
  alerts: readonly Alert[],
  { places }: BatchCutouts,
): Promise<void> {
  const missing = alerts.filter((alert) => !places.has(alert.id));
  const buffers = missing.flatMap((alert) => alert.cutouts.filter((cutout) => cutout !== null));
  if (buffers.length === 0) return;
  const { pack, position } = await tools.packs.append(nightOfDate(tools.now()), buffers);
  let at = position;
  for (const alert of missing) {
    places.set(alert.id, { pack, position: at });
    for (const cutout of alert.cutouts) at += cutout?.length ?? 0;
  }
}

/** Notes where the cutouts of these alerts are. @throws if one has not been written. */
export async function writeCutoutRows(
  tx: Transaction,
  server: ServerKind,
  survey: Survey,
  alerts: readonly Alert[],
  { places }: BatchCutouts,
): Promise<void> {
  const rows = createRowBuffer();
  for (const alert of alerts) {
    const place = places.get(alert.id);
    if (place === undefined) throw new Error(`the cutouts of ${alert.id} were not written`);
    rows.value(alert.id);
    rows.text(place.pack);
    rows.number(place.position);
    for (const cutout of alert.cutouts) rows.number(cutout?.length ?? 0);
    rows.endRow();
  }
  const id = survey === 'ztf' ? 'candid' : 'diaSourceId';
  const target = {
    table: tableName({ database: survey, name: 'cutouts' }),
    columns: [id, 'pack', 'position', 'science', 'template', 'difference'],
  };
  await bulkLoad(tx, server, 'replace', target, rows);
}
