import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

import { expect } from 'chai';
import { pack } from 'tar-stream';

import { InvalidInputError } from '../../../common/errors.ts';
import { measurePaths } from '../../../ingest/replay/find-files.ts';
import { readPackets } from '../../../ingest/replay/read-packets.ts';
import { seededRandom } from '../../common/astro/reference.ts';

async function tarOf(members: [string, Buffer][]): Promise<Buffer> {
  const archive = pack();
  for (const [name, bytes] of members) {
    if (name.endsWith('/')) archive.entry({ name, type: 'directory' });
    else archive.entry({ name }, bytes);
  }
  archive.finalize();
  return buffer(archive);
}

describe('readPackets', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'glint-replay-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, bytes: Buffer | string): string => {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, bytes);
    return path;
  };

  /** Everything up to the end or the error. */
  async function readAll(...paths: string[]) {
    const packets: [string, string][] = [];
    let bytesRead = 0;
    try {
      for await (const { name, bytes } of readPackets(paths, (count) => (bytesRead += count))) {
        packets.push([name.slice(folder.length + 1), bytes.toString('latin1').slice(0, 40)]);
      }
    } catch (err) {
      return { packets, bytesRead, error: err as Error };
    }
    return { packets, bytesRead, error: undefined };
  }

  it('reads files and folders by name, without what is hidden', async () => {
    write('b/2.avro', 'two');
    write('b/10.avro', 'ten');
    write('b/a/deep.avro', 'deep');
    write('b/.DS_Store', 'x');
    write('b/.git/config', 'x');
    write('b/notes.txt', 'notes');
    write('b/empty', '');
    const single = write('z.avro', 'z');
    const { packets, error } = await readAll(single, join(folder, 'b'));
    expect(error).to.equal(undefined);
    expect(packets).to.deep.equal([
      ['z.avro', 'z'],
      ['b/10.avro', 'ten'],
      ['b/2.avro', 'two'],
      ['b/a/deep.avro', 'deep'],
      ['b/empty', ''],
      ['b/notes.txt', 'notes'],
    ]);
  });

  it('reads tar archives in each dress, members with gzip included', async () => {
    const archive = await tarOf([
      ['night/', Buffer.alloc(0)],
      ['night/1.avro', Buffer.from('one')],
      ['night/._1.avro', Buffer.from('x')],
      ['night/2.avro.gz', gzipSync('two')],
      [`night/${'long'.repeat(60)}.avro`, Buffer.from('long')],
      ['night/empty.avro', Buffer.alloc(0)],
    ]);
    write('a.tar', archive);
    write('b.tar.gz', gzipSync(archive));
    write('c.tgz', gzipSync(archive));
    write('d.tar.gz', archive);
    write('e.avro.gz', gzipSync('e'));
    const { packets, error, bytesRead } = await readAll(folder);
    expect(error).to.equal(undefined);
    const members = ['1.avro', '2.avro.gz', `${'long'.repeat(60)}.avro`, 'empty.avro'];
    const contents = ['one', 'two', 'long', ''];
    expect(packets).to.deep.equal([
      ...['a.tar', 'b.tar.gz', 'c.tgz', 'd.tar.gz'].flatMap((name) =>
        members.map((member, i) => [`${name}/night/${member}`, contents[i]]),
      ),
      ['e.avro.gz', 'e'],
    ]);
    const { files, bytes } = await measurePaths([folder]);
    expect(files).to.equal(5);
    expect(bytesRead).to.equal(bytes);
  });

  it('yields what is whole of a cut archive, then names it', async () => {
    const random = seededRandom(31);
    const members = Array.from({ length: 40 }, (_, i): [string, Buffer] => [
      `${i}.avro`,
      Buffer.from(Array.from({ length: 3_000 }, () => Math.floor(random() * 256))),
    ]);
    const archive = await tarOf(members);
    const zipped = gzipSync(archive);
    // A member takes a header of 512 bytes and its data in blocks of 512.
    const memberBytes = 512 + 3_072;
    const cases: [string, Buffer, number][] = [
      ['data.tar', archive.subarray(0, 10 * memberBytes + 1_000), 10],
      ['header.tar', archive.subarray(0, 10 * memberBytes + 100), 10],
      ['zip.tar.gz', zipped.subarray(0, zipped.length >> 1), 15],
      ['end.tar.gz', zipped.subarray(0, zipped.length - 6), 40],
    ];
    for (const [name, bytes, least] of cases) {
      const path = write(name, bytes);
      const { packets, error } = await readAll(path);
      expect(error, name).to.be.instanceOf(InvalidInputError);
      expect(error?.message, name).to.include(path);
      expect(packets.length, name).to.be.at.least(least);
      packets.forEach(([, content], i) =>
        expect(content).to.equal(members[i][1].toString('latin1').slice(0, 40)),
      );
    }
  });

  it('refuses an archive that is none', async () => {
    const path = write('not.tar', 'this is no archive'.repeat(200));
    const { packets, error } = await readAll(path);
    expect(packets).to.deep.equal([]);
    expect(error).to.be.instanceOf(InvalidInputError);
    expect(error?.message).to.include(path);
    const zip = write(
      'broken.tgz',
      Buffer.concat([gzipSync('x').subarray(0, 10), Buffer.alloc(99)]),
    );
    expect((await readAll(zip)).error?.message).to.include(zip);
  });

  it('leaves a damaged gzip as it is', async () => {
    const bytes = gzipSync('hello').subarray(0, 15);
    const { packets } = await readAll(write('x.avro.gz', bytes));
    expect(packets).to.deep.equal([['x.avro.gz', bytes.toString('latin1')]]);
  });

  it('says in one sentence which path cannot be read', async () => {
    const missing = join(folder, 'missing');
    const { error } = await readAll(missing);
    expect(error).to.be.instanceOf(InvalidInputError);
    expect(error?.message).to.equal(`${missing} cannot be read: there is no such file or folder`);
    const wrong = await measurePaths([folder, missing]).catch((err: unknown) => err);
    expect(wrong).to.be.instanceOf(InvalidInputError);
    symlinkSync(missing, join(folder, 'link'));
    expect((await readAll(folder)).error?.message).to.include('link');
    expect((await readAll('/dev/null')).error?.message).to.match(/neither a file nor a folder/);
  });

  it('says so when it may not read', async function () {
    const path = write('secret.avro', 'x');
    chmodSync(path, 0);
    // The superuser reads everything.
    if (process.getuid?.() === 0) this.skip();
    expect((await readAll(path)).error?.message).to.match(/permission denied/);
  });

  it('follows links to files and does not go round in circles', async () => {
    const target = write('real/1.avro', 'one');
    symlinkSync(target, join(folder, 'real', '2.avro'));
    symlinkSync(folder, join(folder, 'real', 'circle'));
    const { packets, error } = await readAll(folder);
    expect(error).to.equal(undefined);
    expect(packets).to.deep.equal([
      ['real/1.avro', 'one'],
      ['real/2.avro', 'one'],
    ]);
  });

  it('can be left in the middle of an archive', async () => {
    const archive = await tarOf(
      Array.from({ length: 200 }, (_, i): [string, Buffer] => [`${i}`, Buffer.alloc(10_000, i)]),
    );
    let count = 0;
    for await (const packet of readPackets([write('many.tar.gz', gzipSync(archive))])) {
      expect(packet.bytes).to.have.length(10_000);
      if (++count === 3) break;
    }
    expect(count).to.equal(3);
  });
});
