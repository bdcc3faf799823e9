import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import { expect } from 'chai';

import { BusyError, InvalidInputError } from '../../../common/errors.ts';
import { readInThread } from '../../../webapp/uploads/read-in-thread.ts';
import { readSentList } from '../../../webapp/watchlists/read-sent-list.ts';
import { testFolder } from '../../servers.ts';

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (err: unknown) => err,
  );

describe('what people send', function () {
  this.timeout(120_000);

  it('is read beside all else, however it unpacks', async () => {
    // A quarter of a megabyte that is a hundred.
    const bytes = gzipSync(Buffer.alloc(100 << 20, ' '));
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const read = await readSentList({ bytes, name: 'bomb' });
    clearInterval(timer);
    expect(read.sources).to.have.length(0);
    // In the site's own thread there is none until all is read.
    expect(turns).to.be.above(10);
  });

  it('is the same as if it were read at once', async () => {
    const text = '194.494, 48.851, NGC 4868\n1, 95, bad\n';
    const long = `${text}${'# \n'.repeat(50_000)}`;
    const [short, read] = await Promise.all([readSentList({ text }), readSentList({ text: long })]);
    expect(read.sources).to.deep.equal(short.sources);
    expect(read.faults).to.deep.equal(short.faults);
    const none = await failureOf(readSentList({ bytes: Buffer.from([0, 1, 2]), name: 'x' }));
    expect(none).to.be.instanceOf(InvalidInputError);
    expect(String(none)).to.match(/x is neither text nor/);
  });

  it('leaves nothing on the disk where it takes too long', async () => {
    const note = join(testFolder(), 'stuck');
    const limit = new AbortController();
    const reading = failureOf(readInThread('test/webapp/uploads/stuck-worker', note, limit.signal));
    while (!existsSync(note)) await sleep(10);
    const folder = readFileSync(note, 'utf8');
    expect(existsSync(join(folder, 'table'))).to.equal(true);
    limit.abort();
    const failure = await reading;
    expect(failure).to.be.instanceOf(InvalidInputError);
    expect(String(failure)).to.match(/send less of it/);
    expect(existsSync(folder)).to.equal(false);
  });

  it('waits its turn, and is refused where too much waits', async () => {
    const bytes = Buffer.from('1,2,a\n');
    const answers = await Promise.all(
      Array.from({ length: 25 }, () =>
        readSentList({ bytes, name: 'x' }).catch((err: unknown) => err),
      ),
    );
    const busy = answers.filter((answer) => answer instanceof BusyError);
    expect(busy).to.have.length(7);
    expect(answers.filter((answer) => !(answer instanceof Error))).to.have.length(18);
    expect((await readSentList({ bytes, name: 'x' })).sources).to.have.length(1);
  });
});
