import { setTimeout as sleep } from 'node:timers/promises';

import { parseConfig } from '../../../common/config.ts';
import type { Config } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import type { OutputSettings } from '../../../common/filters/filter.ts';
import { silentLog } from '../../../common/log.ts';
import type { Database } from '../../../common/store/database.ts';
import { makeFilter, saveFilter, switchFilter } from '../../../common/store/filters.ts';
import { writeMatches } from '../../../common/store/matches.ts';
import type { NewMatch } from '../../../common/store/matches.ts';
import { insertQuery, setLevel } from '../../../common/store/save-query.ts';
import { insertUser } from '../../../common/store/accounts/users.ts';
import { testKafka } from '../../servers.ts';

export const WHEN = new Date('2026-11-20T06:00:00Z');

/** A context on a database of the tests. */
export async function deliveryContext(
  db: Database,
  url: string,
  environment: Record<string, string> = {},
  withKafka = false,
): Promise<Context> {
  const config: Config = parseConfig({
    GLINT_DATABASE_URL: url,
    GLINT_WEB_URL: 'https://glint.example',
    ...(withKafka && { GLINT_KAFKA_BROKERS: (await testKafka()).brokers.join(',') }),
    ...environment,
  });
  return { config, db, log: silentLog, now: () => new Date() };
}

/** An account, by name. */
export function addUser(db: Database, name: string): Promise<number> {
  return db.transaction((tx) =>
    insertUser(tx, { name, email: `${name}@example.org`, role: 'user' }, WHEN),
  );
}

export interface FilterSeed {
  name?: string;
  survey?: 'ztf' | 'lsst';
  text?: string;
  isPublic?: boolean;
  outputs: Partial<OutputSettings>;
}

/** A filter that is on, with a saved query of its own. */
export async function addFilter(
  db: Database,
  userId: number,
  { name = 'bright ones', survey = 'ztf', text, isPublic = false, outputs }: FilterSeed,
): Promise<number> {
  const content = {
    name,
    description: '',
    survey,
    source: {
      kind: 'statement' as const,
      text:
        text ??
        (survey === 'ztf'
          ? 'SELECT objectId, ncand, gmag FROM objects'
          : 'SELECT diaObjectId, nDiaSources FROM objects'),
    },
    fields: [],
  };
  const queryId = await db.transaction((tx) => insertQuery(tx, userId, content, WHEN));
  if (isPublic) await setLevel(db, { userId, role: 'user' }, queryId, 1);
  await db.transaction(async (tx) => {
    await makeFilter(tx, { queryId, userId, survey, version: 1 }, WHEN);
    await saveFilter(
      tx,
      queryId,
      {
        triggers: { onAlerts: true, onAnnotations: false },
        waitMinutes: 0,
        memory: { kind: 'every' },
        outputs,
      },
      WHEN,
    );
    await switchFilter(tx, queryId, 'on', { expiresAt: null, now: WHEN });
  });
  return queryId;
}

/** Matches of a filter, numbered on from those it has: of objects ZTF26aaaaaaa and so on. */
export async function addMatches(
  db: Database,
  queryId: number,
  count: number,
  changes: (i: number) => Partial<NewMatch> = () => ({}),
): Promise<void> {
  const matches = Array.from({ length: count }, (_, i): NewMatch => {
    const objectId = objectName(i);
    return {
      queryId,
      survey: 'ztf',
      objectId,
      cause: `a${3_000_000_000_000_000_000n + BigInt(i)}`,
      rowNumber: 0,
      kind: 'alert',
      version: 1,
      alertId: String(3_000_000_000_000_000_000n + BigInt(i)),
      observedAt: new Date(WHEN.getTime() - 600_000),
      arrivedAt: new Date(WHEN.getTime() - 60_000),
      matchedAt: WHEN,
      record: { objectId, ncand: i, gmag: 18.5 },
      ...changes(i),
    };
  });
  await db.transaction((tx) => writeMatches(tx, matches));
}

export function objectName(i: number): string {
  const letters = [...i.toString(26).padStart(7, '0')].map((digit) => parseInt(digit, 26));
  return `ZTF26${letters.map((letter) => String.fromCharCode(97 + letter)).join('')}`;
}

/** Waits for what must come to be; the test's own time limit is the only one. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}

/** Sequence numbers and outcomes that were recorded of an output, in order. */
export async function deliveriesOf(
  db: Database,
  queryId: number,
  channel: string,
): Promise<{ seq: number; outcome: string; place: string }[]> {
  const rows = await db.arrays(
    'SELECT seq, outcome, place FROM glint.deliveries WHERE mq_id = :queryId AND channel = :channel ORDER BY seq',
    { queryId, channel },
  );
  return rows.map(([seq, outcome, place]) => ({
    seq: Number(seq),
    outcome: String(outcome),
    place: String(place),
  }));
}

/** A column of an output. */
export async function outputOf(
  db: Database,
  queryId: number,
  channel: string,
): Promise<{ nextSeq: number; failures: number; problem: string; active: number; secret: string }> {
  const [[nextSeq, failures, problem, active, secret]] = await db.arrays(
    'SELECT next_seq, failures, problem, active, secret FROM glint.filter_outputs WHERE mq_id = :queryId AND channel = :channel',
    { queryId, channel },
  );
  return {
    nextSeq: Number(nextSeq),
    failures: Number(failures),
    problem: String(problem),
    active: Number(active),
    secret: String(secret),
  };
}
