import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { untilAborted, whileBeating } from '../../../common/stream/waiting.ts';

const NEVER = new Promise<void>(() => undefined);

describe('whileBeating', () => {
  it('beats until the work is done, and no longer', async () => {
    let beats = 0;
    const beat = () => {
      beats += 1;
      return Promise.resolve();
    };
    await whileBeating(sleep(100), beat, 10, new AbortController().signal);
    expect(beats).to.be.greaterThan(1);
    const before = beats;
    await sleep(50);
    expect(beats).to.equal(before);
  });

  it('fails with the beat', async () => {
    const failure = new Error('rebalance');
    const outcome = await whileBeating(
      NEVER,
      () => Promise.reject(failure),
      5,
      new AbortController().signal,
    ).catch((err: unknown) => err);
    expect(outcome).to.equal(failure);
  });

  it('ends with the signal', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    await whileBeating(NEVER, () => Promise.resolve(), 5, stop.signal);
  });
});

describe('untilAborted', () => {
  it('passes on what the work brings', async () => {
    expect(await untilAborted(Promise.resolve(7), new AbortController().signal)).to.equal(7);
  });

  it('does not wait when it is over already, and leaves no failure unheard', async () => {
    expect(await untilAborted(Promise.reject(new Error('late')), AbortSignal.abort())).to.equal(
      undefined,
    );
  });
});
