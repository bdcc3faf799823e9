import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { parseConfig } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import { NotFoundError } from '../../../common/errors.ts';
import { silentLog } from '../../../common/log.ts';
import {
  insertDeadLetters,
  listDeadLetters,
  selectDeadLetter,
} from '../../../common/store/dead-letters.ts';
import { retryDeadLetters } from '../../../ingest/replay/retry-dead-letters.ts';
import { requireReference } from '../../common/astro/reference.ts';
import { freshDatabase, testFolder } from '../../servers.ts';

describe('retryDeadLetters', () => {
  let context: Context;
  before(async () => {
    const { db, url } = await freshDatabase();
    const config = parseConfig({
      GLINT_HOME: join(testFolder(), 'retry'),
      GLINT_DATABASE_URL: url,
    });
    context = { config, db, log: silentLog, now: () => new Date() };
  });
  after(() => context?.db.close());

  const keep = (packets: Buffer[]) =>
    context.db.transaction((tx) =>
      insertDeadLetters(
        tx,
        packets.map((packet, i) => ({
          survey: 'ztf' as const,
          topic: 'ztf_20180819_programid1',
          partition: 0,
          offset: BigInt(i),
          recordNumber: 0,
          fault: 'unknown_schema' as const,
          reason: 'not known on that day',
          packet,
          arrivedAt: new Date(),
        })),
      ),
    );

  it('stores what is sound today, and keeps the rest with its reason', async function () {
    const folder = requireReference(this, 'alerts/ztf/v3.0_20180819');
    const sound = readdirSync(folder)
      .slice(0, 5)
      .map((name) => readFileSync(join(folder, name)));
    await keep([...sound, Buffer.from('no packet'), sound[0].subarray(0, 40_000)]);
    const { db } = context;
    const progress: number[] = [];
    const counts = await retryDeadLetters(context, undefined, ({ tried }) => progress.push(tried));
    expect(counts).to.deep.equal({ tried: 7, stored: 5, failed: 2 });
    expect(progress).to.deep.equal([7]);
    const [[candidates]] = await db.arrays(
      'SELECT COUNT(*) FROM ztf.candidates WHERE hasalert = 1',
    );
    expect(Number(candidates)).to.equal(5);
    const waiting = await listDeadLetters(db, { limit: 10, state: 'waiting' });
    expect(waiting.map(({ fault, tries }) => [fault, tries])).to.deep.equal([
      ['damaged', 2],
      ['not_avro', 2],
    ]);
    expect(await listDeadLetters(db, { limit: 10, state: 'retried' })).to.have.length(5);

    // Again: nothing new, nothing doubled, also for one that is stored.
    const [{ deadLetterId }] = await listDeadLetters(db, { limit: 1, state: 'retried' });
    expect(await retryDeadLetters(context, [deadLetterId])).to.include({ tried: 1, stored: 1 });
    expect(await retryDeadLetters(context, undefined)).to.include({ tried: 2, stored: 0 });
    expect((await selectDeadLetter(db, waiting[0].deadLetterId)).tries).to.equal(3);
    const [[again]] = await db.arrays('SELECT COUNT(*) FROM ztf.candidates WHERE hasalert = 1');
    expect(Number(again)).to.equal(5);
    expect(await listDeadLetters(db, { limit: 20 })).to.have.length(7);
  });

  it('says which letter there is none', async () => {
    const error: unknown = await retryDeadLetters(context, [123_456n]).catch((err: unknown) => err);
    expect(error).to.be.instanceOf(NotFoundError);
  });
});
