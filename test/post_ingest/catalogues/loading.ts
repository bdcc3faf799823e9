import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Context } from '../../../common/context.ts';
import { parseConfig } from '../../../common/config.ts';
import { silentLog } from '../../../common/log.ts';
import { sourceColumns } from '../../../common/store/catalogue-columns.ts';
import { selectCatalogues } from '../../../common/store/catalogues.ts';
import type { Database } from '../../../common/store/database.ts';
import type { LoadRequest } from '../../../post_ingest/catalogues/load-catalogue.ts';
import { parseMap } from '../../../post_ingest/catalogues/parse-map.ts';
import type { WrittenMap } from '../../../post_ingest/catalogues/parse-map.ts';
import { presetNamed } from '../../../post_ingest/catalogues/presets/presets.ts';
import { testFolder } from '../../servers.ts';

/** A context with a home of its own. */
export function testContext(db: Database): Context {
  const home = mkdtempSync(join(testFolder(), 'home-'));
  return {
    config: parseConfig({ GLINT_HOME: home }),
    db,
    log: silentLog,
    now: () => new Date('2026-11-21T12:00:00Z'),
  };
}

/** A request with what most tests do not care about. */
export function request(
  name: string,
  path: string,
  how: Partial<WrittenMap> & { preset?: string } = {},
  more: Partial<LoadRequest> = {},
): LoadRequest {
  const preset = how.preset === undefined ? undefined : presetNamed(how.preset);
  return {
    name,
    paths: [path],
    map: parseMap({ map: [], keep: [], ...how }, preset),
    table: 1,
    maxBadShare: 0.01,
    restart: false,
    ...more,
  };
}

/** Writes a file into a context's home. @returns Its path. */
export function write(context: Context, name: string, content: string | Uint8Array): string {
  const path = join(context.config.home, name);
  writeFileSync(path, content);
  return path;
}

/** The sources of a catalogue as the crossmatch reads them, in the order of the key. */
export async function sourcesOf(db: Database, name: string): Promise<Record<string, unknown>[]> {
  const found = (await selectCatalogues(db)).find((catalogue) => catalogue.name === name);
  if (found === undefined) return [];
  const kept = found.columns.kept.map((column) => `, c.\`${column.name}\``).join('');
  const sql = `SELECT c.reach, CAST(c.hpx29 AS CHAR) AS hpx29, ${sourceColumns(found.columns, 'c')}${kept} FROM ${found.table} c ORDER BY c.reach, c.hpx29, c.id`;
  const names = [
    'reach',
    'hpx29',
    'id',
    'ra',
    'decl',
    ...[...sourceColumns(found.columns, 'c').matchAll(/ AS `(\w+)`/g)].map((match) => match[1]),
    ...found.columns.kept.map((column) => column.name),
  ];
  const rows = await db.arrays(sql);
  return rows.map((row) => Object.fromEntries(row.map((value, i) => [names[i], value])));
}
