import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';
import { z } from 'zod';

import { projectRoot } from '../../../common/project-root.ts';
import type { Database } from '../../../common/store/database.ts';
import { insertDeadLetters } from '../../../common/store/dead-letters.ts';
import { freshDatabase, testFolder } from '../../servers.ts';

const Letters = z.array(z.object({ deadLetterId: z.string(), offset: z.string() }));

describe('bin/glint dead-letters', () => {
  let db: Database;
  let url: string;
  let folder: string;
  const packet = Buffer.from('no packet\x1b[2J at all');
  before(async () => {
    ({ db, url } = await freshDatabase());
    folder = mkdtempSync(join(testFolder(), 'dead-letters-'));
    await db.transaction((tx) =>
      insertDeadLetters(
        tx,
        [2n ** 60n + 1n, 2n ** 60n + 2n].map((offset) => ({
          survey: 'lsst' as const,
          topic: 'lsst-alerts-v10.0',
          partition: 1,
          offset,
          recordNumber: 0,
          fault: 'not_avro' as const,
          reason: 'no packet: it begins with \x1b[2J',
          packet,
          arrivedAt: new Date('2026-03-10T01:02:03Z'),
        })),
      ),
    );
  });
  after(async () => {
    await db?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function glint(...words: string[]) {
    return new Promise<{ code: number; output: string; errors: string }>((resolve) => {
      execFile(
        process.execPath,
        ['--import', 'tsx', join(projectRoot, 'bin', 'glint.ts'), 'dead-letters', ...words],
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

  it('lists, for people and for programs', async () => {
    const { output, code } = await glint('list');
    expect(code).to.equal(0);
    expect(output).to.match(/2026-03-10T01:02:03 {2}not_avro/);
    expect(output).to.match(/2 shown; 2 wait, 0 were stored by a later try/);
    expect(output).not.to.include('\x1b');
    const letters = Letters.parse(
      JSON.parse((await glint('list', '--json', '--limit', '1')).output),
    );
    expect(letters.map(({ offset }) => offset)).to.deep.equal([String(2n ** 60n + 2n)]);
    const older = await glint('list', '--json', '--before', letters[0].deadLetterId);
    expect(Letters.parse(JSON.parse(older.output))).to.have.length(1);
    expect((await glint('list', '--json', '--fault', 'damaged')).output).to.equal('[]\n');
  });

  it('shows one, with its first bytes', async () => {
    const { output } = await glint('show', '1');
    expect(output).to.match(/topic +lsst-alerts-v10.0/);
    expect(output).to.include('6e 6f 20 70 61 63 6b 65 74 1b');
    expect(output).not.to.include('\x1b');
    const json = z
      .object({ packet: z.string() })
      .parse(JSON.parse((await glint('show', '1', '--json')).output));
    expect(Buffer.from(json.packet, 'base64').equals(packet)).to.equal(true);
  });

  it('exports the packets byte by byte', async () => {
    const target = join(folder, 'out', 'deep');
    const { output } = await glint('export', target);
    expect(output).to.match(/2 packets are in/);
    expect(readFileSync(join(target, '1_lsst_not_avro.avro')).equals(packet)).to.equal(true);
    const index = readFileSync(join(target, 'dead-letters.jsonl'), 'utf8').trim().split('\n');
    expect(index).to.have.length(2);
    writeFileSync(join(folder, 'file'), '');
    const refused = await glint('export', join(folder, 'file', 'x'));
    expect(refused.code).to.equal(1);
    expect(refused.errors).to.match(/cannot be written to/);
  });

  it('tries again and says what came of it', async () => {
    const { output, errors } = await glint('retry', '--json');
    expect(errors).to.equal('');
    expect(JSON.parse(output)).to.deep.equal({ tried: 2, stored: 0, failed: 2 });
    expect((await glint('retry', '1')).output).to.match(
      /1 tried: 0 are stored now, 1 still cannot/,
    );
  });

  it('answers mistakes in one sentence', async () => {
    const missing = await glint('show', '99');
    expect([missing.code, missing.errors]).to.deep.equal([
      1,
      'glint: there is no dead letter 99\n',
    ]);
    for (const words of [
      ['show', 'x'],
      ['list', '--limit', '0'],
      ['list', '--state', 'lost'],
      ['nonsense'],
    ]) {
      const { code, errors } = await glint(...words);
      expect(code, words.join(' ')).to.equal(2);
      expect(errors.trim().split('\n')).to.have.length(1);
    }
  });
});
