import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { projectRoot } from '../../../common/project-root.ts';
import type { Database } from '../../../common/store/database.ts';
import { openDatabase } from '../../../common/store/database.ts';
import { withNamedLock } from '../../../common/store/locks.ts';
import { freshDatabase, testFolder } from '../../servers.ts';
import { zipped } from '../../tns-server.ts';

const LIST = `objid,name_prefix,name,ra,declination,redshift,type,lastmodified
1,SN,2018cow,244.000927,22.268031,0.01414,SN Ic-BL,2022-02-23 16:33:59
2,AT,2026abc,10.5,-3.25,,,2026-02-09 17:43:27
3,AT,2026abd,x,y,,,2026-02-09 17:43:27
`;

describe('bin/glint tns import', () => {
  let db: Database;
  let url: string;
  let folder: string;
  before(async () => {
    ({ db, url } = await freshDatabase());
    folder = mkdtempSync(join(testFolder(), 'tns-'));
  });
  after(async () => {
    await db?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function importList(content: string | Buffer, ...options: string[]) {
    const file = join(folder, 'list');
    writeFileSync(file, content);
    return glint(file, ...options);
  }
  function glint(...words: string[]) {
    return new Promise<{ code: number; output: string; errors: string }>((resolve) => {
      execFile(
        process.execPath,
        ['--import', 'tsx', join(projectRoot, 'bin', 'glint.ts'), 'tns', 'import', ...words],
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

  it('takes over a list, as it is or zipped, and forgets what a whole one lacks', async () => {
    expect(await importList(LIST)).to.deep.include({
      code: 0,
      output: '3 rows, 2 new, 0 changed, 1 refused (line 4: it has no position)\n',
    });
    const shorter = LIST.replace(/^1,.*\n/m, '').replace('17:43:27', '18:00:00');
    const { code, output } = await importList(zipped('list.csv', shorter), '--whole', '--json');
    expect(code).to.equal(0);
    expect(JSON.parse(output)).to.deep.include({ rows: 2, added: 0, changed: 1, gone: 1 });
    const names = await db.arrays('SELECT tns_name FROM lsst.crossmatch_tns');
    expect(names).to.deep.equal([['2026abc']]);
  });

  it('says what is wrong, and waits for no other that writes names', async () => {
    const missing = await glint(join(folder, 'nowhere.csv'));
    expect(missing.code).to.equal(1);
    expect(missing.errors).to.include('cannot be read');
    const other = await importList('objectId,candid\n1,2\n');
    expect(other.code).to.equal(1);
    expect(other.errors).to.include('no list of the Transient Name Server');
    const rival = openDatabase(url, { poolSize: 2 });
    await withNamedLock(rival, 'job.follow-tns', async () => {
      const locked = await importList(LIST);
      expect(locked.code).to.equal(1);
      expect(locked.errors).to.include('follow-tns runs just now');
    });
    await rival.close();
  });
});
