import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';
import { build } from 'esbuild';

import { projectRoot } from '../../../common/project-root.ts';
import { FILTER_STAGES } from '../../../post_ingest/filters/filter-tools.ts';
import type { ChildOptions } from './filters-child.ts';
import { objectId, openFilterStand } from './stand.ts';
import type { FilterStand } from './stand.ts';

const OBJECTS = 12;
const LIFE_MS = 20_000;
/** Below the project, or it would not find its packages. */
const BUNDLE = join(projectRoot, 'node_modules', '.cache', `glint-filters-${process.pid}.mjs`);

describe('filters, killed at the stages of a round', () => {
  let stand: FilterStand;
  before(async () => {
    stand = await openFilterStand();
    await stand.objects(
      Array.from({ length: OBJECTS }, (_, i) => ({ objectId: objectId(i), gmag: 14 + i })),
    );
    await build({
      entryPoints: [join(projectRoot, 'test', 'post_ingest', 'filters', 'filters-child.ts')],
      outfile: BUNDLE,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      external: ['snappy', 'lz4-napi', 'pino-pretty'],
      banner: {
        js: `import { createRequire } from 'node:module';
          const require = createRequire(import.meta.url);
          const __filename = import.meta.filename;
          const __dirname = import.meta.dirname;`,
      },
    });
  });
  after(async () => {
    rmSync(BUNDLE, { force: true });
    await stand?.close();
  });

  /** One life. @returns The signal that it ended by. */
  const live = (options: Omit<ChildOptions, 'environment'>) =>
    new Promise<string>((resolve) => {
      const argument: ChildOptions = {
        environment: {
          GLINT_HOME: stand.context.config.home,
          GLINT_DATABASE_URL: stand.url,
        },
        ...options,
      };
      const child = fork(BUNDLE, [JSON.stringify(argument)], {
        cwd: projectRoot,
        execArgv: [],
        stdio: 'inherit',
      });
      const timer = setTimeout(() => child.kill('SIGTERM'), LIFE_MS);
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        resolve(signal ?? `exit code ${code}`);
      });
    });

  it('tell every match once, under numbers without a gap', async function () {
    this.timeout(180_000);
    const every = await stand.filter('SELECT objectId, gmag FROM objects WHERE gmag < 20');
    const once = await stand.filter('SELECT objectId, gmag FROM objects WHERE gmag < 22', {
      memory: { kind: 'once' },
    });
    const sent: [string, number][] = [];
    for (const stage of FILTER_STAGES) {
      for (const count of [1, 2]) {
        for (let batch = 0; batch < 3; batch++) {
          const alerts = Array.from({ length: OBJECTS }, (_, i): [string, number] => [
            objectId(i),
            sent.length + i + 1,
          ]);
          sent.push(...alerts);
          await stand.alerts(alerts);
        }
        const softMs = stage === 'retried' ? 0 : 10_000;
        expect(await live({ kill: { stage, count }, softMs }), `at ${stage}`).to.equal('SIGKILL');
      }
    }
    await stand.settle();
    const told = async (queryId: number) =>
      (await stand.matches(queryId)).map((line) => line.split(' ').slice(1, 3).join(' '));
    const passing = sent.filter(([id]) => Number(objectId(6).localeCompare(id)) > 0);
    expect((await told(every)).sort()).to.deep.equal(
      passing.map(([id, alert]) => `${id} a${alert}`).sort(),
    );
    const objects = (await told(once)).map((line) => line.split(' ')[0]);
    expect(objects.sort()).to.deep.equal(Array.from({ length: 8 }, (_, i) => objectId(i)));
    for (const queryId of [every, once]) {
      const numbers = await stand.db.arrays(
        'SELECT seq FROM glint.matches WHERE mq_id = :queryId ORDER BY seq',
        { queryId },
      );
      expect(numbers.flat().map(Number)).to.deep.equal(numbers.map((_, i) => i + 1));
    }
  });
});
