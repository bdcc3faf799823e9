import { join } from 'node:path';

import { parseConfig } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import { dateFromMjdUtc } from '../../../common/astro/time.ts';
import { silentLog } from '../../../common/log.ts';
import type { Database } from '../../../common/store/database.ts';
import { openFeed } from '../../../ingest/feed.ts';
import { SIMULATED_CATALOGUES } from '../../../ingest/simulate/catalogues/catalogue-formats.ts';
import { MJD_OF_NIGHT_ZERO } from '../../../ingest/simulate/options.ts';
import type { NightOptions } from '../../../ingest/simulate/options.ts';
import { createSource } from '../../../ingest/simulate/sky.ts';
import { loadSimulated } from '../../ingest/simulate/catalogues/load-simulated.ts';
import { makePackets } from '../../ingest/simulate/make-packets.ts';
import { testFolder } from '../../servers.ts';

/** Nights whose truth is known, stored by the pipeline itself. */
export interface SimulatedSky {
  /** What each object really is, by its name. */
  kinds: Map<string, string>;
  /** The morning after the last night. */
  morning: Date;
}

/** Loads the catalogues of simulated nights and stores the nights. */
export async function storeSimulatedSky(
  db: Database,
  databaseUrl: string,
  nights: NightOptions[],
): Promise<SimulatedSky> {
  await loadSimulated(db, { catalogues: SIMULATED_CATALOGUES, nights, rows: 0, seed: 41 });
  const last = Math.max(...nights.map((each) => each.startNight + each.nights));
  const morning = dateFromMjdUtc(MJD_OF_NIGHT_ZERO + last);
  const config = parseConfig({
    GLINT_HOME: join(testFolder(), 'simulated-sky'),
    GLINT_DATABASE_URL: databaseUrl,
  });
  const context: Context = { config, db, log: silentLog, now: () => morning };
  const kinds = new Map<string, string>();
  for (const options of nights) {
    const { world, preload, measured } = makePackets(options);
    const feed = openFeed(context, options.survey);
    await feed.push([...preload, ...measured].map(({ bytes }) => bytes));
    const { deadLettered } = await feed.finish();
    if (deadLettered > 0) throw new Error(`${deadLettered} simulated packets cannot be read`);
    for (const { objectId, history } of measured) {
      kinds.set(objectId, createSource(options, world.cadence, history.source.index).kind);
    }
  }
  return { kinds, morning };
}
