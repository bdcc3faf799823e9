import { expect } from 'chai';

import { BusyError, RateLimitError } from '../../../../common/errors.ts';
import { createSlots } from '../../../../common/store/sandbox/slots.ts';
import { failureOf } from './hand-written.ts';

const LIMITS = { total: 3, long: 2, perHolder: 2, waiting: 3, waitingPerHolder: 2, waitMs: 60_000 };

describe('places of queries', () => {
  it('are given in the order of asking, but to nobody more than a few', async () => {
    const slots = createSlots(LIMITS);
    const order: string[] = [];
    const ask = (holder: string, name: string) =>
      slots.take({ holder }).then((release) => {
        order.push(name);
        return release;
      });
    const first = await ask('a', 'a1');
    await ask('a', 'a2');
    const third = ask('a', 'a3');
    await ask('b', 'b1');
    void ask('b', 'b2');
    expect(slots.running()).to.equal(3);
    first();
    (await third)();
    await Promise.resolve();
    expect(order).to.deep.equal(['a1', 'a2', 'b1', 'a3', 'b2']);
  });

  it('are given back once, however often that is said', async () => {
    const slots = createSlots(LIMITS);
    const release = await slots.take({ holder: 'a' });
    await slots.take({ holder: 'b' });
    release();
    release();
    expect(slots.running()).to.equal(1);
  });

  it('are refused when the queue is full: for one by its own fault, for others by that of all', async () => {
    const slots = createSlots(LIMITS);
    const held = [
      slots.take({ holder: 'a' }),
      slots.take({ holder: 'a' }),
      slots.take({ holder: 'b' }),
    ];
    const waiting = [slots.take({ holder: 'a' }), slots.take({ holder: 'a' })];
    expect(await failureOf(slots.take({ holder: 'a' }))).to.be.instanceOf(RateLimitError);
    void slots.take({ holder: 'c' });
    const busy = await failureOf(slots.take({ holder: 'd' }));
    expect(busy).to.be.instanceOf(BusyError);
    expect(busy.message).to.include('try again in a few seconds');
    (await held[0])();
    await waiting[0];
  });

  it('are kept free for pages: long queries get some of them only', async () => {
    const slots = createSlots(LIMITS);
    const first = await slots.take({ holder: 'a', isLong: true });
    await slots.take({ holder: 'b', isLong: true });
    const third = slots.take({ holder: 'c', isLong: true });
    await slots.take({ holder: 'c' });
    expect(slots.running()).to.equal(3);
    first();
    (await third)();
    expect(slots.running()).to.equal(2);
  });

  it('are not waited for longer than the limit', async () => {
    const slots = createSlots({ ...LIMITS, total: 1, waitMs: 5 });
    await slots.take({ holder: 'a' });
    expect(await failureOf(slots.take({ holder: 'b' }))).to.be.instanceOf(BusyError);
  });

  it('are not kept for who went away', async () => {
    const slots = createSlots({ ...LIMITS, total: 1 });
    const release = await slots.take({ holder: 'a' });
    const gone = new AbortController();
    const waiting = failureOf(slots.take({ holder: 'b', signal: gone.signal }));
    const next = slots.take({ holder: 'c' });
    gone.abort(new Error('gone'));
    expect((await waiting).message).to.equal('gone');
    release();
    (await next)();
    expect(slots.running()).to.equal(0);
  });
});
