import { expect } from 'chai';

import type { FilterMemory } from '../../../common/filters/filter.ts';
import type { Scalar } from '../../../common/store/row-reader.ts';
import { isToldAgain, watchedValue } from '../../../post_ingest/filters/told-again.ts';

const THEN = new Date('2026-03-01T00:00:00Z');

describe('isToldAgain', () => {
  const again = (
    memory: FilterMemory,
    before: Scalar,
    now: Scalar,
    { unit, days = 1 }: { unit?: string; days?: number } = {},
  ) => {
    const column = 'column' in memory ? memory.column : 'x';
    return isToldAgain(
      memory,
      { sentAt: THEN, ...watchedValue(memory, { [column]: before }) },
      {
        at: new Date(THEN.getTime() + days * 86_400_000),
        watched: watchedValue(memory, { [column]: now }),
      },
      unit,
    );
  };

  it('is so for what was never told, whatever the memory', () => {
    const watched = { number: null, words: null };
    for (const memory of [{ kind: 'once' }, { kind: 'days', days: 9 }] as const)
      expect(isToldAgain(memory, undefined, { at: THEN, watched })).to.equal(true);
  });

  it('is always so, never, or after some days', () => {
    expect(again({ kind: 'every' }, 1, 1)).to.equal(true);
    expect(again({ kind: 'once' }, 1, 2)).to.equal(false);
    const days: FilterMemory = { kind: 'days', days: 2.5 };
    expect(again(days, 1, 1, { days: 2.4 })).to.equal(false);
    expect(again(days, 1, 1, { days: 2.5 })).to.equal(true);
  });

  it('is so when a number has changed by as much', () => {
    const change: FilterMemory = { kind: 'change', column: 'x', by: 0.5 };
    expect(again(change, 18, 18.4)).to.equal(false);
    expect(again(change, 18.3, 17.8)).to.equal(true);
    expect(again(change, 17.8, 18.3)).to.equal(true);
    expect(again({ ...change, by: 0 }, 18, 18)).to.equal(false);
    expect(again({ ...change, by: 0 }, 18, 18.001)).to.equal(true);
    expect(again(change, null, null)).to.equal(false);
    expect(again(change, null, 18)).to.equal(true);
    expect(again(change, 18, null)).to.equal(true);
  });

  it('is so when words are others', () => {
    const change: FilterMemory = { kind: 'change', column: 'x', by: 0.5 };
    expect(again(change, 'SN Ia', 'SN Ia')).to.equal(false);
    expect(again(change, 'SN Ia', 'SN II')).to.equal(true);
    expect(again(change, null, 'SN II')).to.equal(true);
    expect(again(change, true, false)).to.equal(true);
    const long = 'x'.repeat(1024);
    expect(again(change, `${long} then`, `${long} now`)).to.equal(false);
  });

  it('is so when a magnitude is smaller, or a flux larger', () => {
    const brighter: FilterMemory = { kind: 'brighter', column: 'x', by: 0.5 };
    expect(again(brighter, 18.3, 17.8, { unit: 'mag' })).to.equal(true);
    expect(again(brighter, 17.8, 18.3, { unit: 'mag' })).to.equal(false);
    expect(again(brighter, 1000, 1000.5, { unit: 'nJy' })).to.equal(true);
    expect(again(brighter, 1000, 999, { unit: 'nJy' })).to.equal(false);
    expect(again(brighter, 1, 2)).to.equal(true);
    expect(again(brighter, null, 18, { unit: 'mag' })).to.equal(true);
    expect(again(brighter, 18, null, { unit: 'mag' })).to.equal(false);
  });
});
