import { join } from 'node:path';

import { expect } from 'chai';

import { parseConfig, SURVEYS } from '../../../common/config.ts';
import type { Survey } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import { silentLog } from '../../../common/log.ts';
import type { Database } from '../../../common/store/database.ts';
import { beginRebuild } from '../../../common/store/rebuilds.ts';
import { openFeed } from '../../../ingest/feed.ts';
import { pipelineSink } from '../../../ingest/replay/replay-sinks.ts';
import { replay } from '../../../ingest/replay/replay.ts';
import { ALL_STEPS } from '../../../post_ingest/steps/all-steps.ts';
import { withRefreshTools } from '../../../post_ingest/steps/object-features.ts';
import { runRebuilds } from '../../../post_ingest/steps/rebuild.ts';
import { requireReference } from '../../common/astro/reference.ts';
import { writeDustMaps } from '../../common/fits/dust-map-files.ts';
import { derivedRows, expectSameRows } from '../../ingest/derived-rows.ts';
import { makePackets } from '../../ingest/simulate/make-packets.ts';
import { loadSurroundings, storedPlaces, storeNames } from '../../ingest/sky-around.ts';
import type { SkyPlace } from '../../ingest/sky-around.ts';
import { freshDatabase, testFolder } from '../../servers.ts';

const NOW = new Date('2026-11-20T06:00:00Z');
const never = new AbortController().signal;

describe('a rebuild', () => {
  let db: Database;
  let context: Context;

  async function open(): Promise<void> {
    ({ db } = await freshDatabase());
    const config = parseConfig({
      GLINT_HOME: join(testFolder(), 'rebuild-equals-ingest'),
      GLINT_SFD_DIR: writeDustMaps((column, row) => 0.01 + column / 999 + row / 7777),
      // An object comes in many batches, some of them one behind the other.
      GLINT_BATCH_SIZE: '20',
    });
    context = { config, db, log: silentLog, now: () => NOW };
  }
  beforeEach(open);
  afterEach(() => db.close());

  async function rebuild(step: string): Promise<number> {
    for (const survey of SURVEYS)
      await beginRebuild(db, { survey, step, version: 'test', total: 0, now: NOW });
    return withRefreshTools(context, (tools) => runRebuilds(tools, ALL_STEPS, never));
  }

  /** Stores nights of both surveys in a sky that has something in it. @returns Objects. */
  async function storeNights(): Promise<number> {
    const feedAll = async () => {
      for (const survey of SURVEYS) await feedNight(survey);
      return Object.fromEntries(
        await Promise.all(
          SURVEYS.map(async (survey) => [survey, await storedPlaces(db, survey)] as const),
        ),
      ) as Record<Survey, SkyPlace[]>;
    };
    const places = await feedAll();
    await db.close();
    await open();
    const all = [...places.ztf, ...places.lsst];
    await loadSurroundings(db, all);
    await storeNames(db, all);
    await db.execute('DELETE FROM glint.rebuilds');
    await feedAll();
    return all.length;
  }

  async function feedNight(survey: Survey): Promise<void> {
    const { preload, measured } = makePackets({
      survey,
      alerts: 170,
      seed: 5,
      nights: 3,
      startNight: 3246,
      workload: 'night',
    });
    const feed = openFeed(context, survey);
    await feed.push([...preload, ...measured].map(({ bytes }) => bytes));
    const stats = await feed.finish();
    expect(stats.deadLettered).to.equal(0);
  }

  it('of features gives what ingest stored of real packets', async function () {
    this.timeout(180_000);
    const alerts = requireReference(this, 'alerts');
    const report = await replay([alerts], pipelineSink(context));
    expect(report.failure).to.equal(undefined);
    const stored = await derivedRows(db);
    const count = (stored.get('ztf.objects')?.size ?? 0) + (stored.get('lsst.objects')?.size ?? 0);
    expect(count).to.be.greaterThan(100);
    expect(await rebuild('features')).to.equal(count);
    expectSameRows(await derivedRows(db), stored);
  });

  it('of features gives what ingest stored of simulated nights, in the midst of catalogues and names', async function () {
    this.timeout(180_000);
    const count = await storeNights();
    const stored = await derivedRows(db);
    const classes = [...(stored.get('lsst.objects')?.values() ?? [])].map(
      (row) => row.sherlock_classification,
    );
    expect(new Set(classes)).to.include.members(['SN', 'VS']);
    expect(await rebuild('features')).to.equal(count);
    expectSameRows(await derivedRows(db), stored);
  });
});
