import process from 'node:process';

import { parseConfig } from '../../../common/config.ts';
import { silentLog } from '../../../common/log.ts';
import { openDatabase } from '../../../common/store/database.ts';
import { matchPast } from '../../../post_ingest/watchlists/match-past.ts';
import { matchPastOfWatchmaps } from '../../../post_ingest/watchmaps/match-past.ts';

/** Matches lists with the past as a process of its own, to be killed by whoever started it. */
const config = parseConfig(process.env);
const db = openDatabase(config.databaseUrl ?? '', { poolSize: 5 });
const context = { config, db, log: silentLog, now: () => new Date() };
const never = new AbortController().signal;
await Promise.all([matchPast(context, never), matchPastOfWatchmaps(context, never)]);
process.exit(0);
