import process from 'node:process';

import { parseConfig } from '../../../common/config.ts';
import { silentLog } from '../../../common/log.ts';
import { openDatabase } from '../../../common/store/database.ts';
import { openSandbox } from '../../../common/store/sandbox/open-sandbox.ts';
import { runBackfills } from '../../../post_ingest/filters/backfill.ts';

/** Runs over past nights as a process of its own, to be killed by whoever started it. */
const config = parseConfig(process.env);
const db = openDatabase(config.databaseUrl ?? '', { poolSize: 5 });
const context = { config, db, log: silentLog, now: () => new Date() };
await runBackfills({ ...context, sandbox: openSandbox(context) }, new AbortController().signal);
process.exit(0);
