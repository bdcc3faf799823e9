import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { emptySource } from '../../../common/catalogues/source.ts';
import type { Context } from '../../../common/context.ts';
import { parseConfig } from '../../../common/config.ts';
import { silentLog } from '../../../common/log.ts';
import { knownColumns } from '../../../common/store/catalogue-columns.ts';
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
  const known = [
    ...knownColumns(found.columns, 'c'),
    ...found.columns.kept.map(({ name }) => ({ field: name, expression: `c.\`${name}\`` })),
    { field: 'reach', expression: 'c.reach' },
    { field: 'hpx29', expression: 'CAST(c.hpx29 AS CHAR)' },
  ];
  const rows = await db.arrays(
    `SELECT ${known.map(({ expression }) => expression).join(', ')} FROM ${found.table} c ORDER BY c.reach, c.hpx29, c.id`,
  );
  return rows.map((row) => ({
    ...emptySource(),
    ...Object.fromEntries(row.map((value, i) => [known[i].field, value])),
  }));
}
