import { expect } from 'chai';

import { matchId } from '../../common/filters/filter.ts';
import type { Match } from '../../common/filters/filter.ts';
import type { Database } from '../../common/store/database.ts';
import { selectMatchesAfter } from '../../common/store/outbox.ts';
import type { SkyFilter } from './sky-filters.ts';

const ALL = 1_000_000;

/** All matches of a filter, in their order. */
export const matchesOf = (db: Database, queryId: number): Promise<Match[]> =>
  selectMatchesAfter(db, queryId, 0n, ALL);

/** A filter has told what its statement implies, each match once, under numbers without a gap. */
export async function checkTold(db: Database, { queryId, name, oracle }: SkyFilter): Promise<void> {
  const matches = await matchesOf(db, queryId);
  expect(
    matches.map(({ seq }) => Number(seq)),
    `${name}: numbers`,
  ).to.deep.equal(matches.map((_, i) => i + 1));
  const told = matches.map(({ objectId, cause }) => `${objectId} ${cause}`).sort();
  expect(new Set(told).size, `${name}: told twice`).to.equal(told.length);
  expect(told.length, `${name}: tells something`).to.be.greaterThan(10);
  const list = async (sql: string) => (await db.arrays(sql)).map((row) => row.map(String));
  const alerts = await list('SELECT object_id, candid, batch_id FROM ztf.arrivals');
  const named = (rows: string[][], letter: string) =>
    rows.map(([objectId, number]) => `${objectId} ${letter}${number}`).sort();
  const alertsOf = (rows: string[][]) => {
    const objects = new Set(rows.map(([objectId]) => objectId));
    return named(
      alerts.filter(([objectId]) => objects.has(objectId)),
      'a',
    );
  };
  switch (oracle.kind) {
    case 'every':
      expect(told, name).to.deep.equal(alertsOf(await list(oracle.objects)));
      break;
    case 'at-least':
      expect(told, name).to.include.members(named(await list(oracle.alerts), 'a'));
      expect(alertsOf(await list(oracle.objects)), name).to.include.members(told);
      break;
    case 'once':
      expect(matches.map(({ objectId }) => objectId).sort(), name).to.deep.equal(
        (await list(oracle.objects)).map(([objectId]) => objectId).sort(),
      );
      break;
    case 'change':
      checkChanges(name, matches, await list(oracle.objects));
      break;
    case 'annotations':
      expect(told, name).to.deep.equal(named(await list(oracle.annotations), 'n'));
      break;
  }
  const batchOf = new Map(alerts.map(([, number, batch]) => [`a${number}`, BigInt(batch)]));
  checkOrder(name, matches, batchOf);
}

/** Each object was told first, then whenever it had grown by two, and is not two ahead now. */
function checkChanges(name: string, matches: readonly Match[], objects: string[][]): void {
  const told = new Map<string, number[]>();
  for (const { objectId, record } of matches)
    told.set(objectId, [...(told.get(objectId) ?? []), Number(record.ncand)]);
  for (const [objectId, now] of objects) {
    const counts = told.get(objectId) ?? [];
    const last = counts.at(-1) ?? -Infinity;
    expect(Number(now) - last, `${name}: ${objectId} ${counts.join(' ')}`).to.be.lessThan(2);
    for (const [i, count] of counts.slice(1).entries())
      expect(count - counts[i], `${name}: ${objectId} ${counts.join(' ')}`).to.be.at.least(2);
  }
}

/** Matches of an object follow the batches that they came in. */
function checkOrder(
  name: string,
  matches: readonly Match[],
  batchOf: ReadonlyMap<string, bigint>,
): void {
  const last = new Map<string, bigint>();
  for (const { objectId, cause } of matches) {
    const batch = batchOf.get(cause);
    if (batch === undefined) continue;
    expect(batch >= (last.get(objectId) ?? 0n), `${name}: order of ${objectId}`).to.equal(true);
    last.set(objectId, batch);
  }
}

/** What a receiver got of a filter, in the order in which it came. */
export interface Receipt {
  id: string;
  seq: number;
  body: string;
}

/** A receiver has got every match, in order; what came again is what had come. */
export function checkReceived(
  name: string,
  matches: readonly Match[],
  receipts: readonly Receipt[],
): void {
  const firsts = new Map<string, Receipt>();
  for (const receipt of receipts) {
    const first = firsts.get(receipt.id);
    if (first === undefined) firsts.set(receipt.id, receipt);
    else expect(receipt.body, `${name}: ${receipt.id} again`).to.equal(first.body);
  }
  const got = [...firsts.values()].map(({ id, seq }) => `${id} ${seq}`);
  expect(got, name).to.deep.equal(matches.map((match) => `${matchId(match)} ${match.seq}`));
}

/** Every match is noted as sent on every channel of its filter, and the sums agree. */
export async function checkDeliveries(
  db: Database,
  { queryId, name, channels }: SkyFilter,
): Promise<void> {
  const matches = await matchesOf(db, queryId);
  for (const channel of Object.keys(channels)) {
    const rows = await db.arrays(
      'SELECT seq, outcome FROM glint.deliveries WHERE mq_id = :queryId AND channel = :channel ORDER BY seq',
      { queryId, channel },
    );
    expect(
      rows.map((row) => row.map(String).join(' ')),
      `${name}: ${channel}`,
    ).to.deep.equal(matches.map(({ seq }) => `${seq} sent`));
    const [[sent]] = await db.arrays(
      'SELECT sent FROM glint.filter_outputs WHERE mq_id = :queryId AND channel = :channel',
      { queryId, channel },
    );
    expect(Number(sent), `${name}: sent to ${channel}`).to.equal(matches.length);
  }
  const [[passed]] = await db.arrays(
    'SELECT SUM(passed) FROM glint.filter_nights WHERE mq_id = :queryId',
    { queryId },
  );
  expect(Number(passed), `${name}: passed by night`).to.equal(matches.length);
}
