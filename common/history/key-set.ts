import type { Section } from './packed-section.ts';

/**
 * A set of 64-bit keys given as two 32-bit words, made to be filled and emptied for every packet:
 * emptying it is one addition. Open addressing, at most half full.
 */
export interface KeySet {
  /** Empties the set and makes room for `count` keys. */
  begin(count: number): void;
  /** Adds a key; false if it was there already. */
  add(low: number, high: number): boolean;
}

export function createKeySet(): KeySet {
  let mask = 1023;
  let lows = new Int32Array(mask + 1);
  let highs = new Int32Array(mask + 1);
  let rounds = new Uint32Array(mask + 1);
  let round = 0;
  return {
    begin(count) {
      if (2 * count > mask || round === 0xffffffff) {
        while (2 * count > mask) mask = 2 * mask + 1;
        lows = new Int32Array(mask + 1);
        highs = new Int32Array(mask + 1);
        rounds = new Uint32Array(mask + 1);
        round = 0;
      }
      round++;
    },
    add(low, high) {
      let slot = (Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)) >>> 0;
      slot = (slot ^ (slot >>> 15)) & mask;
      while (rounds[slot] === round) {
        if (lows[slot] === low && highs[slot] === high) return false;
        slot = (slot + 1) & mask;
      }
      rounds[slot] = round;
      lows[slot] = low;
      highs[slot] = high;
      return true;
    },
  };
}

/** Fills the set with the keys of a section, leaving room for `extra` more. */
export function beginWithSection(set: KeySet, section: Section, extra: number): void {
  set.begin(section.count + extra);
  const { view, stride } = section;
  const end = section.count * stride;
  for (let at = 0; at < end; at += stride)
    set.add(view.getInt32(at, true), view.getInt32(at + 4, true));
}
