import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { nightOfJd } from '../../../common/astro/time.ts';
import { projectRoot } from '../../../common/project-root.ts';
import { insertBackfill, selectBackfill } from '../../../common/store/backfills.ts';
import { openSandbox } from '../../../common/store/sandbox/open-sandbox.ts';
import { runBackfills } from '../../../post_ingest/filters/backfill.ts';
import { storeAlerts } from './many-alerts.ts';
import { openFilterStand } from './stand.ts';
import type { FilterStand } from './stand.ts';

/** Several pages. */
const OBJECTS = 4_500;
const JD = 2_461_000.6;
const CHILD = join(projectRoot, 'test', 'post_ingest', 'filters', 'backfill-child.ts');

describe('a run over past nights that is killed', function () {
  this.timeout(180_000);
  let stand: FilterStand;
  let ids: string[];
  const night = nightOfJd(JD);
  const nights = { first: night, last: night };

  before(async () => {
    stand = await openFilterStand();
    ids = await storeAlerts(stand.db, OBJECTS, JD);
  });
  after(() => stand?.close());

  const begin = async () => {
    const queryId = await stand.filter('SELECT objectId, ncand FROM objects WHERE ncand >= 0');
    const { db, context } = stand;
    const backfillId = await db.transaction((tx) =>
      insertBackfill(tx, queryId, nights, context.now()),
    );
    return { queryId, progress: () => selectBackfill(db, queryId, backfillId) };
  };
  const goOn = async (signal = new AbortController().signal) => {
    const sandbox = openSandbox(stand.context);
    try {
      await runBackfills({ ...stand.context, sandbox }, signal);
    } finally {
      await sandbox.close();
    }
  };
  /** Every object once, under numbers without a gap, in the order of observation. */
  const expectWhole = async ({ queryId, progress }: Awaited<ReturnType<typeof begin>>) => {
    const lines = (await stand.matches(queryId)).map((line) => line.split(' ')[1]);
    expect(lines).to.deep.equal(ids);
    const numbers = await stand.db.arrays(
      'SELECT seq FROM glint.matches WHERE mq_id = :queryId ORDER BY seq',
      { queryId },
    );
    expect(numbers.flat().map(Number)).to.deep.equal(ids.map((_, i) => i + 1));
    expect(await progress()).to.include({ state: 'done', objects: OBJECTS, passed: OBJECTS });
  };

  it('goes on after SIGKILL without loss and without doubles', async () => {
    const run = await begin();
    const child = spawn('node', ['--import', 'tsx', CHILD], {
      cwd: projectRoot,
      env: {
        ...process.env,
        GLINT_HOME: stand.context.config.home,
        GLINT_DATABASE_URL: stand.url,
      },
      stdio: 'inherit',
    });
    const exit = once(child, 'exit');
    while ((await run.progress()).objects === 0 && child.exitCode === null) await sleep(1);
    child.kill('SIGKILL');
    expect(await exit).to.deep.equal([null, 'SIGKILL']);
    const half = await run.progress();
    expect(half.state).not.to.equal('done');
    expect(half.objects).to.be.within(1, OBJECTS - 1);
    await goOn();
    await expectWhole(run);
  });

  it('goes on where it was broken off between two pages', async () => {
    const run = await begin();
    const stop = new AbortController();
    const running = goOn(stop.signal).catch(() => undefined);
    while ((await run.progress()).objects === 0) await sleep(1);
    stop.abort();
    await running;
    expect((await run.progress()).objects).to.be.within(1, OBJECTS - 1);
    await goOn();
    await expectWhole(run);
  });
});
