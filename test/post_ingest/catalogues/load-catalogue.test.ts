import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { expect } from 'chai';

import { hpx29 } from '../../../common/astro/healpix.ts';
import { emptySource, reachClass } from '../../../common/catalogues/source.ts';
import type { Context } from '../../../common/context.ts';
import { projectRoot } from '../../../common/project-root.ts';
import { selectCatalogueLoads, selectCatalogues } from '../../../common/store/catalogues.ts';
import type { Database } from '../../../common/store/database.ts';
import { withNamedLock } from '../../../common/store/locks.ts';
import { loadCatalogue, removeCatalogue } from '../../../post_ingest/catalogues/load-catalogue.ts';
import type { LoadReport } from '../../../post_ingest/catalogues/load-catalogue.ts';
import { reachArcsec } from '../../../post_ingest/context/reach.ts';
import { requireReference, seededRandom } from '../../common/astro/reference.ts';
import { failureOf } from '../../common/formats/reading.ts';
import { freshDatabase, testMariaDb } from '../../servers.ts';
import { request, sourcesOf, testContext, write } from './loading.ts';

const SMALL = { runBytes: 40_000, batchBytes: 30_000, maxOpenRuns: 3 };
const MAP = { map: ['ra=ra,dec=dec,id=id,_r=r,z=z'], kind: 'galaxy' as const };

/** A catalogue over the whole sky as CSV. */
function madeUpCsv(count: number, seed = 1): string {
  const random = seededRandom(seed);
  const lines = Array.from({ length: count }, (_, i) => {
    const dec = (Math.asin(2 * random() - 1) * 180) / Math.PI;
    const r = random() < 0.1 ? '' : (12 + 10 * random()).toFixed(3);
    return `src ${i},${random() * 360},${dec},${r},${(random() * 0.3).toFixed(5)}`;
  });
  return `id,ra,dec,r,z\n${lines.join('\n')}\n`;
}

describe('loading of catalogues', () => {
  let db: Database;
  let context: Context;
  before(async () => {
    ({ db } = await freshDatabase());
    context = testContext(db);
  });
  after(() => db?.close());

  /** The rows of a text in several files under one header, every other one packed. */
  function parts(name: string, text: string, count: number): string[] {
    const [header, ...lines] = text.trim().split('\n');
    const size = Math.ceil(lines.length / count);
    return Array.from({ length: count }, (_, i) => {
      const content = [header, ...lines.slice(i * size, (i + 1) * size)].join('\n');
      const packed = i % 2 === 1;
      return write(
        context,
        `${name}-${i}.csv${packed ? '.gz' : ''}`,
        packed ? gzipSync(content) : content,
      );
    });
  }

  /** Folders of sorted rows of a catalogue. */
  function leftOver(name: string): string[] {
    const folders = readdirSync(join(context.config.home, 'catalogues'));
    return folders.filter((folder) => folder.startsWith(`${name}-`));
  }

  it('stores each row under its class of reach and its cell, in order', async () => {
    const path = write(context, 'made-up.csv', madeUpCsv(3_000));
    const { catalogue } = await loadCatalogue(context, request('made_up', path, MAP));
    expect(catalogue.state).to.equal('ready');
    expect([catalogue.rows, catalogue.rejected, catalogue.repeated]).to.deep.equal([3_000, 0, 0]);
    const sources = await sourcesOf(db, 'made_up');
    const csv = madeUpCsv(3_000).trim().split('\n').slice(1);
    const byId = new Map(sources.map((source) => [source.id, source]));
    const reaches = [0, 0, 0, 0, 0];
    for (const line of csv) {
      const [id, ra, dec, r, z] = line.split(',');
      const stored = byId.get(id);
      expect([stored?.ra, stored?.decl]).to.deep.equal([Number(ra), Number(dec)]);
      expect(stored?.hpx29).to.equal(String(hpx29(Number(ra), Number(dec))));
      expect(stored?._r).to.equal(r === '' ? null : Number(r));
      expect(stored?.mag).to.equal(r === '' ? null : Number(r));
      expect(stored?.magFilter).to.equal(r === '' ? null : 'r');
      expect(stored?.z).to.equal(Number(z));
      expect(stored?.type).to.equal('galaxy');
      const source = {
        ...emptySource(),
        id,
        ra: Number(ra),
        decl: Number(dec),
        type: 'galaxy' as const,
        _r: r === '' ? null : Number(r),
        mag: r === '' ? null : Number(r),
        magFilter: r === '' ? null : 'r',
        z: Number(z),
      };
      const reach = reachClass(reachArcsec('galaxy', source));
      expect(stored?.reach).to.equal(reach);
      reaches[reach]++;
    }
    expect(catalogue.rowsByReach).to.deep.equal(reaches);
    const [found] = await selectCatalogues(db);
    expect(found).to.deep.include({ name: 'made_up', load: 1, kind: 'galaxy', rows: 3_000 });
    expect(found.columns.fields).to.deep.equal(['_r', 'z']);
    const cells = new Set(sources.map((source) => BigInt(String(source.hpx29)) >> 48n));
    const coverage = Buffer.from(catalogue.coverage ?? '', 'base64');
    expect(coverage).to.have.length(12_288 / 8);
    for (let cell = 0; cell < 12_288; cell++) {
      const isCovered = (coverage[cell >> 3] & (1 << (cell & 7))) !== 0;
      expect(isCovered, `cell ${cell}`).to.equal(cells.has(BigInt(cell)));
    }
  });

  it('is the same whether it was sorted in one run or merged from many', async () => {
    const paths = parts('many', madeUpCsv(8_000, 2), 10);
    await loadCatalogue(context, request('in_one', '', MAP, { paths }));
    const phases = new Set<string>();
    await loadCatalogue(
      context,
      request('in_many', '', MAP, { paths }),
      (report) => phases.add(report.phase),
      SMALL,
    );
    expect([...phases]).to.include.members(['reading', 'merging', 'loading']);
    expect(await sourcesOf(db, 'in_many')).to.deep.equal(await sourcesOf(db, 'in_one'));
    expect(leftOver('in_many')).to.deep.equal([]);
  });

  it('does nothing when it is asked again, and loads anew when told or when a file changed', async () => {
    const path = write(context, 'again.csv', madeUpCsv(50, 3));
    const first = await loadCatalogue(context, request('again', path, MAP));
    const second = await loadCatalogue(context, request('again', path, MAP));
    expect([first.wasLoaded, second.wasLoaded]).to.deep.equal([false, true]);
    const third = await loadCatalogue(context, request('again', path, MAP, { restart: true }));
    expect([third.wasLoaded, third.catalogue.load, third.catalogue.rows]).to.deep.equal([
      false,
      2,
      50,
    ]);
    utimesSync(path, new Date(), new Date(Date.now() - 86_400_000));
    const fourth = await loadCatalogue(context, request('again', path, MAP));
    expect([fourth.wasLoaded, fourth.catalogue.load]).to.deep.equal([false, 3]);
    expect(await selectCatalogueLoads(db, 'again')).to.have.length(1);
  });

  it('goes on after it was broken off at any report, without doubles or loss', async function () {
    this.timeout(240_000);
    const text = madeUpCsv(6_000, 4);
    const lines = text.split('\n');
    // Bad rows, and rows that are there twice, must be counted once whatever happens.
    lines.splice(100, 0, 'bad,400,0,,', lines[50]);
    lines.splice(5_000, 0, 'worse,10', lines[50], lines[4_000]);
    const paths = parts('part', lines.join('\n'), 8);
    const whole = request('whole', '', MAP, { paths });
    const { catalogue: expected } = await loadCatalogue(context, whole);
    expect([expected.rows, expected.rejected, expected.repeated]).to.deep.equal([6_000, 2, 3]);
    let reports = 0;
    const count = () => void reports++;
    await loadCatalogue(context, request('counted', '', MAP, { paths }), count, SMALL);
    expect(reports).to.be.greaterThan(20);
    let resumed = 0;
    const broken = request('broken', '', MAP, { paths });
    for (let breakAt = 1; ; breakAt++) {
      let seen = 0;
      const breakOff = () => {
        if (++seen === breakAt) throw new Error('broken off here');
      };
      try {
        const outcome = await loadCatalogue(context, broken, breakOff, SMALL);
        if (outcome.wasResumed) resumed++;
        expect(outcome.catalogue).to.deep.include({
          rows: expected.rows,
          rowsByReach: expected.rowsByReach,
          rejected: expected.rejected,
          repeated: expected.repeated,
          rejects: expected.rejects,
          coverage: expected.coverage,
          bytesDone: expected.bytesDone,
        });
        break;
      } catch (err) {
        if (!(err instanceof Error) || err.message !== 'broken off here') throw err;
        // The catalogue that is half loaded is never offered.
        expect((await selectCatalogues(db)).map(({ name }) => name)).not.to.include('broken');
      }
    }
    expect(resumed).to.equal(1);
    expect(await sourcesOf(db, 'broken')).to.deep.equal(await sourcesOf(db, 'whole'));
  });

  it('begins anew when the files are others than those it was broken off at', async () => {
    const path = write(context, 'moving.csv', madeUpCsv(3_000, 5));
    const stop = (report: LoadReport) => {
      if (report.phase === 'loading') throw new Error('stop');
    };
    const load = () => loadCatalogue(context, request('moving', path, MAP), stop, SMALL);
    expect(await failureOf(load())).to.equal('stop');
    write(context, 'moving.csv', madeUpCsv(200, 6));
    const { wasResumed, catalogue } = await loadCatalogue(context, request('moving', path, MAP));
    expect([wasResumed, catalogue.rows]).to.deep.equal([false, 200]);
    const tables = await db.arrays(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = 'catalogues' AND table_name LIKE 'moving%'",
    );
    expect(tables).to.deep.equal([['moving']]);
  });

  it('replaces a catalogue only when the new version is whole', async () => {
    const path = write(context, 'version.csv', madeUpCsv(100, 7));
    await loadCatalogue(context, request('versioned', path, MAP));
    write(context, 'version.csv', madeUpCsv(4_000, 8));
    const seen = new Set<number>();
    let pending = Promise.resolve();
    await loadCatalogue(
      context,
      request('versioned', path, MAP),
      () => {
        pending = pending.then(
          async () => void seen.add((await sourcesOf(db, 'versioned')).length),
        );
      },
      SMALL,
    );
    await pending;
    expect([...seen].every((rows) => rows === 100 || rows === 4_000)).to.equal(true);
    expect(await sourcesOf(db, 'versioned')).to.have.length(4_000);
    const rebuilds = await db.arrays(
      'SELECT survey, step, version, next_id, ended_at FROM glint.rebuilds ORDER BY survey',
    );
    expect(rebuilds).to.deep.equal(
      ['lsst', 'ztf'].map((survey) => [survey, 'context', 'versioned:2', '', null]),
    );
  });

  it('finishes a replacement that was cut short between the table and its note', async () => {
    const path = write(context, 'cut.csv', madeUpCsv(30, 9));
    await loadCatalogue(context, request('cut', path, MAP));
    write(context, 'cut.csv', madeUpCsv(60, 10));
    const stop = (report: LoadReport) => {
      if (report.phase === 'swapping') throw new Error('stop');
    };
    const load = () => loadCatalogue(context, request('cut', path, MAP), stop);
    expect(await failureOf(load())).to.equal('stop');
    await db.execute(
      'RENAME TABLE catalogues.cut TO catalogues.cut__old, catalogues.cut__2 TO catalogues.cut',
    );
    const { catalogue, wasResumed } = await loadCatalogue(context, request('cut', path, MAP));
    expect([wasResumed, catalogue.load, catalogue.rows]).to.deep.equal([true, 2, 60]);
    expect(await sourcesOf(db, 'cut')).to.have.length(60);
  });

  it('refuses files with too many bad rows, saying which, and leaves what was there', async () => {
    const good = write(context, 'good.csv', madeUpCsv(20, 11));
    await loadCatalogue(context, request('kept', good, MAP));
    const lines = madeUpCsv(2_000, 12).split('\n');
    for (let i = 5; i < 2_000; i += 20) lines[i] = `broken ${i},north,3,,`;
    const bad = write(context, 'bad.csv', lines.join('\n'));
    const message = await failureOf(loadCatalogue(context, request('kept', bad, MAP)));
    expect(message).to.match(/\d+ of \d+ rows cannot be used, which is too many/);
    expect(message).to.match(/bad.csv, line 6: "north 3" is no position/);
    expect(await sourcesOf(db, 'kept')).to.have.length(20);
    const { catalogue } = await loadCatalogue(
      context,
      request('kept', bad, MAP, { maxBadShare: 0.1 }),
    );
    expect([catalogue.rows, catalogue.rejected, catalogue.rejects.length]).to.deep.equal([
      1_900, 100, 20,
    ]);
  });

  it('names each way in which a row can be bad', async () => {
    const rows = [
      'ok,10,20,1',
      ',10,20,1',
      'no-position,,20,1',
      'beyond,10,90.5,1',
      'turned,-190,0,1',
      'wörd,10,20,1',
      `${'long'.repeat(20)},10,20,1`,
      'text,10,20,bright',
      'few,10',
      'sexagesimal,10:12:30,-00:30:00,99.0',
      'wrap,360,-90,-999',
      'wrap,-0.5,90,1',
    ];
    const path = write(context, 'ways.csv', `id,ra,dec,g\n${rows.join('\n')}\n`);
    const how = { map: ['id=id,ra=ra,dec=dec,_g=g'] };
    const { catalogue } = await loadCatalogue(context, request('ways', path, how));
    expect(catalogue.rejects.map(({ place, reason }) => `${place}: ${reason}`)).to.deep.equal([
      'line 3: it has no name',
      'line 4: it has no position',
      'line 5: ra 10, dec 90.5 is no position',
      'line 6: ra -190, dec 0 is no position',
      'line 7: its name is not ASCII: "wörd"',
      'line 8: its name is longer than 64 characters',
      'line 9: its _g is no number: "bright"',
      'line 10: it has 2 values instead of 4',
    ]);
    const sources = new Map((await sourcesOf(db, 'ways')).map((row) => [row.id, row]));
    expect(sources.get('sexagesimal')).to.deep.include({ ra: 153.125, decl: -0.5, _g: null });
    expect((await sourcesOf(db, 'ways')).filter((row) => row.id === 'wrap')).to.have.deep.members([
      {
        ...sources.get('wrap'),
        reach: 0,
        ra: 0,
        decl: -90,
        _g: null,
        mag: null,
        magFilter: null,
        ...pole(-90),
      },
      {
        ...sources.get('wrap'),
        reach: 1,
        ra: 359.5,
        decl: 90,
        _g: 1,
        mag: 1,
        magFilter: 'g',
        ...pole(90),
      },
    ]);
    function pole(dec: number) {
      const ra = dec > 0 ? 359.5 : 0;
      return { hpx29: String(hpx29(ra, dec)) };
    }
  });

  it('refuses a wrong preset, empty files, no files, and a file that lacks a column', async () => {
    const path = write(context, 'plain.csv', madeUpCsv(10, 13));
    const load = (...args: Parameters<typeof request>) =>
      failureOf(loadCatalogue(context, request(...args)));
    expect(await load('gaia', path, { preset: 'gaia_dr3' })).to.match(
      /plain.csv has no column source_id or Source; it has id, ra, dec, r, z/,
    );
    const empty = write(context, 'empty.csv', 'id,ra,dec,r,z\n');
    expect(await load('nothing', empty, MAP)).to.equal('the files have no rows');
    expect(await load('none', join(context.config.home, 'absent.csv'), MAP)).to.match(
      /cannot be read/,
    );
    const poor = write(context, 'poor.csv', 'id,ra,dec,r\na,1,2,3\n');
    expect(await load('two', '', MAP, { paths: [path, poor] })).to.match(
      /poor.csv has no column z/,
    );
    expect(await load('twice', '', MAP, { paths: [path, path] })).to.match(/is named twice/);
    expect(await load('Bad-Name', path, MAP)).to.match(/cannot name a catalogue/);
    expect(await load('a__b', path, MAP)).to.match(/cannot name a catalogue/);
    expect((await selectCatalogues(db)).map(({ name }) => name)).not.to.include.members([
      'gaia',
      'nothing',
      'two',
    ]);
  });

  it('lets only one process load a catalogue', async () => {
    const path = write(context, 'locked.csv', madeUpCsv(10, 14));
    await withNamedLock(db, 'catalogue.locked', async () => {
      const message = await failureOf(loadCatalogue(context, request('locked', path, MAP)));
      expect(message).to.equal('another process is loading locked at this moment');
    });
  });

  it('drops a catalogue with all that was left of it, and has objects looked at anew', async () => {
    const path = write(context, 'dropped.csv', madeUpCsv(3_000, 15));
    await loadCatalogue(context, request('dropped', path, MAP));
    const stop = (report: LoadReport) => {
      if (report.phase === 'loading') throw new Error('stop');
    };
    const again = request('dropped', path, MAP, { restart: true });
    expect(await failureOf(loadCatalogue(context, again, stop, SMALL))).to.equal('stop');
    expect(leftOver('dropped')).to.have.length(1);
    await removeCatalogue(context, 'dropped');
    expect(leftOver('dropped')).to.deep.equal([]);
    const tables = await db.arrays(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = 'catalogues' AND table_name LIKE 'dropped%'",
    );
    expect(tables).to.deep.equal([]);
    expect(await selectCatalogueLoads(db, 'dropped')).to.deep.equal([]);
    const [[version]] = await db.arrays("SELECT version FROM glint.rebuilds WHERE survey = 'ztf'");
    expect(version).to.equal('dropped:1:dropped');
    expect(await failureOf(removeCatalogue(context, 'dropped'))).to.match(/no catalogue dropped/);
  });

  it('loads a folder of files of several formats as one catalogue', async () => {
    const folder = join(context.config.home, 'several');
    mkdirSync(folder);
    const lines = madeUpCsv(300, 16).trim().split('\n');
    write(context, 'several/a.csv', lines.slice(0, 101).join('\n'));
    write(
      context,
      'several/b.tsv.gz',
      gzipSync([lines[0], ...lines.slice(101, 201)].join('\n').replaceAll(',', '\t')),
    );
    const fields = lines[0]
      .split(',')
      .map((name, i) =>
        i === 0
          ? `<FIELD name="${name}" datatype="char" arraysize="*"/>`
          : `<FIELD name="${name}" datatype="double"/>`,
      );
    const rows = lines.slice(201).map(
      (line) =>
        `<TR>${line
          .split(',')
          .map((value) => `<TD>${value}</TD>`)
          .join('')}</TR>`,
    );
    write(
      context,
      'several/c.vot',
      `<VOTABLE><RESOURCE><TABLE>${fields.join('')}<DATA><TABLEDATA>${rows.join('')}</TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>`,
    );
    write(context, 'several/.hidden', 'no table');
    await loadCatalogue(context, request('several', folder, MAP));
    const whole = write(context, 'several.csv', madeUpCsv(300, 16));
    await loadCatalogue(context, request('single', whole, MAP));
    expect(await sourcesOf(db, 'several')).to.deep.equal(await sourcesOf(db, 'single'));
  });

  it('loads published tables: quoted, sexagesimal, fixed columns', async function () {
    const hsp = requireReference(this, 'catalogues/3hsp.csv');
    const loaded = await loadCatalogue(
      context,
      request('hsp', hsp, {
        map: ['ra=R.A.,dec=Dec,id=3HSP Source name'],
        kind: 'agn',
        keep: ['fom=FOM'],
      }),
    );
    expect([loaded.catalogue.rows, loaded.catalogue.rejected]).to.deep.equal([2013, 0]);
    const first = (await sourcesOf(db, 'hsp')).find((row) => row.id === '3HSPJ000116.4+293534');
    expect(first?.ra).to.be.closeTo(0.31820833333, 1e-9);
    expect(first?.decl).to.be.closeTo(29.59277777777, 1e-9);
    expect(first?.fom).to.equal(0.05);

    const milliquas = requireReference(this, 'catalogues/sherlock_milliquas-test-data.txt');
    await loadCatalogue(context, request('milliquas', milliquas, { preset: 'milliquas' }));
    const quasars = await sourcesOf(db, 'milliquas');
    expect(quasars).to.have.length(1000);
    expect(quasars.find((row) => row.id === 'SDSS J000000.45+174625.4')).to.deep.include({
      ra: 0.0018983,
      decl: 17.7737391,
      type: 'agn',
      R: 22.1,
      B: 21.9,
      mag: 22.1,
      magFilter: 'R',
      z: 2.309,
      qsoType: 'Q',
    });
    expect(quasars.find((row) => row.id === 'J000000.4-552138')).to.deep.include({
      type: 'other',
      z: null,
    });
  });

  it('survives SIGKILL at any moment', async function () {
    this.timeout(300_000);
    const { url } = await testMariaDb();
    const path = write(context, 'large.csv', madeUpCsv(200_000, 17));
    const words = [
      'catalogue',
      'load',
      'killed',
      path,
      '--map',
      MAP.map[0],
      '--kind',
      'galaxy',
      '--json',
    ];
    const run = (killAfterMs?: number) =>
      new Promise<{ output: string; isKilled: boolean }>((resolve) => {
        const child = spawn(
          process.execPath,
          ['--import', 'tsx', join(projectRoot, 'bin', 'glint.ts'), ...words],
          {
            cwd: projectRoot,
            env: {
              ...process.env,
              GLINT_DATABASE_URL: url,
              GLINT_HOME: context.config.home,
              GLINT_LOG_LEVEL: 'error',
            },
          },
        );
        let output = '';
        child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
        if (killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs);
        child.on('exit', (_, signal) => resolve({ output, isKilled: signal === 'SIGKILL' }));
      });
    const random = seededRandom(Date.now());
    let kills = 0;
    let last = await run(2000 + 2500 * random());
    while (last.isKilled && kills < 3) {
      kills++;
      last = await run(2500 + 2500 * kills * random());
    }
    if (last.isKilled) last = await run();
    expect(JSON.parse(last.output)).to.deep.include({ rows: 200_000, rejected: 0, repeated: 0 });
    await loadCatalogue(context, request('unhurt', path, MAP));
    const [[same, all]] = await db.arrays(
      'SELECT COUNT(*), (SELECT COUNT(*) FROM catalogues.killed) FROM catalogues.killed k JOIN catalogues.unhurt u USING (reach, hpx29, id, ra, decl)',
    );
    expect([String(same), String(all)]).to.deep.equal(['200000', '200000']);
    expect(leftOver('killed')).to.deep.equal([]);
  });
});
