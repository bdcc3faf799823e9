import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { projectRoot } from '../../../common/project-root.ts';
import type { Database } from '../../../common/store/database.ts';
import { freshDatabase, testFolder } from '../../servers.ts';

describe('bin/glint catalogue', () => {
  let db: Database;
  let url: string;
  let folder: string;
  let file: string;
  before(async () => {
    ({ db, url } = await freshDatabase());
    folder = mkdtempSync(join(testFolder(), 'catalogue-'));
    file = join(folder, 'list.csv');
    writeFileSync(file, 'name,ra,dec,r,sp\na,10,20,15.5,G2V\nb,350.5,-20,,\nc,x,y,1,\x1b[2J\n');
  });
  after(async () => {
    await db?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function glint(...words: string[]) {
    return new Promise<{ code: number; output: string; errors: string }>((resolve) => {
      execFile(
        process.execPath,
        ['--import', 'tsx', join(projectRoot, 'bin', 'glint.ts'), 'catalogue', ...words],
        {
          cwd: projectRoot,
          env: {
            ...process.env,
            GLINT_DATABASE_URL: url,
            GLINT_HOME: folder,
            GLINT_LOG_LEVEL: 'error',
          },
        },
        (err, output, errors) => resolve({ code: Number(err?.code ?? 0), output, errors }),
      );
    });
  }
  const load = (...more: string[]) =>
    glint('load', 'mine', file, '--map', 'ra=ra,dec=dec,id=name,_r=r', '--kind', 'star', ...more);

  it('loads, says what could not be used, lists, and drops', async () => {
    expect((await glint('list')).output).to.equal('No catalogue is loaded.\n');
    const loaded = await load('--keep', 'sp:text');
    expect(loaded.errors).to.equal('');
    expect(loaded.code).to.equal(0);
    expect(loaded.output).to.equal(
      `mine: 2 sources are loaded.\n1 row could not be used:\n  ${file}, line 4: "x y" is no position\n`,
    );
    const { output } = await glint('list');
    expect(output).to.match(/^name +kind +sources +loaded +sky +columns/);
    expect(output).to.match(
      /mine +star +2 +\d{4}-\d\d-\d\dT\d\d:\d\d +7 deg2 +1 unusable +_r sp\n/,
    );
    const [listed] = JSON.parse((await glint('list', '--json')).output) as unknown[];
    expect(listed).to.deep.include({
      name: 'mine',
      kind: 'star',
      state: 'ready',
      rows: 2,
      load: 1,
    });
    expect((await load('--keep', 'sp:text')).output).to.match(/is loaded from these files already/);
    const again = JSON.parse(
      (await load('--keep', 'sp:text', '--restart', '--json')).output,
    ) as unknown;
    expect(again).to.deep.include({ rows: 2, load: 2, wasLoaded: false, wasResumed: false });
    expect((await glint('drop', 'mine')).output).to.match(/^mine is dropped/);
    expect(JSON.parse((await glint('list', '--json')).output)).to.deep.equal([]);
  });

  it('answers what cannot be done in one sentence, with 1', async () => {
    for (const [words, message] of [
      [['drop', 'mine'], /^glint: there is no catalogue mine\n$/],
      [['load', 'mine', join(folder, 'absent'), '--map', 'ra=a,dec=b'], /absent cannot be read/],
      [
        ['load', 'gaia_dr3', file],
        /^glint: .*list.csv has no column source_id or Source; it has name/,
      ],
      [['load', 'BAD', file, '--map', 'ra=ra,dec=dec'], /^glint: "BAD" cannot name a catalogue/],
    ] as const) {
      const { code, errors } = await glint(...words);
      expect(errors).to.match(message);
      expect(errors.trim().split('\n')).to.have.length(1);
      expect(code, errors).to.equal(1);
    }
  });

  it('answers what cannot be understood with 2', async () => {
    for (const words of [
      ['load', 'mine', file, '--preset', 'gaia'],
      ['load', 'mine', file, '--map', 'ra=ra'],
      ['load', 'mine', file, '--max-bad', '2'],
      ['load', 'mine', file, '--map', 'ra=ra,dec=dec', '--mag-filter', "r'"],
      [],
    ]) {
      const { code, errors } = await glint(...words);
      expect([words, code, errors.length > 0]).to.deep.equal([words, 2, true]);
    }
  });

  it('shows what it can do', async () => {
    const { code, output } = await glint('load', '--help');
    expect(code).to.equal(0);
    expect(output).to.match(/gaia_dr3, panstarrs/);
    expect(output).to.include('--max-bad');
  });
});
