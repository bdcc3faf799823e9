/**
 * Random numbers that are a pure function of their keys. A measurement of object 17 at visit 4 is
 * the same number whoever asks, in whatever order and in whichever worker, which is what makes a
 * simulated night reproducible and the history in successive packets agree.
 *
 * Generator: xoshiro128** (Blackman & Vigna 2021, ACM TOMS 47, 36), seeded by splitmix32 from a
 * hash with the finaliser of MurmurHash3 (Appleby 2011).
 */
export interface Random {
  s0: number;
  s1: number;
  s2: number;
  s3: number;
}

function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** An unsigned 32-bit hash of up to four integers. */
export function hashOf(a: number, b = 0, c = 0, d = 0): number {
  let h = mix((a | 0) + 0x9e3779b9);
  h = mix(Math.imul(h, 31) + (b | 0) + 0x7f4a7c15);
  h = mix(Math.imul(h, 31) + (c | 0) + 0x94d049bb);
  return mix(Math.imul(h, 31) + (d | 0) + 0x2545f491);
}

/** A uniform number in [0, 1) that belongs to these integers. */
export function uniformAt(a: number, b = 0, c = 0, d = 0): number {
  return hashOf(a, b, c, d) / 4_294_967_296;
}

/** A standard normal number that belongs to these integers (Box-Muller). */
export function gaussianAt(a: number, b = 0, c = 0, d = 0): number {
  const h = hashOf(a, b, c, d);
  const radius = Math.sqrt(-2 * Math.log((h + 1) / 4_294_967_297));
  return radius * Math.cos((mix(h + 0x68bc21eb) / 4_294_967_296) * 2 * Math.PI);
}

/** A generator that starts from up to four integers. */
export function createRandom(a: number, b = 0, c = 0, d = 0): Random {
  const h = hashOf(a, b, c, d);
  return {
    s0: mix(h + 0x9e3779b9),
    s1: mix(h + 0x3c6ef372),
    s2: mix(h + 0xdaa66d2b),
    s3: mix(h + 0x78dde6e4) | 1,
  };
}

const rotate = (x: number, by: number) => (x << by) | (x >>> (32 - by));

/** The next 32 bits, unsigned. */
export function nextBits(random: Random): number {
  const result = Math.imul(rotate(Math.imul(random.s1, 5), 7), 9);
  const t = random.s1 << 9;
  random.s2 ^= random.s0;
  random.s3 ^= random.s1;
  random.s1 ^= random.s2;
  random.s0 ^= random.s3;
  random.s2 ^= t;
  random.s3 = rotate(random.s3, 11);
  return result >>> 0;
}

/** Uniform in [low, high). */
export function uniform(random: Random, low = 0, high = 1): number {
  return low + ((high - low) * nextBits(random)) / 4_294_967_296;
}

/** A whole number from 0 to `count` - 1. */
export function integer(random: Random, count: number): number {
  return Math.floor((nextBits(random) / 4_294_967_296) * count);
}

/** Normal with this mean and standard deviation (Box-Muller). */
export function gaussian(random: Random, mean = 0, deviation = 1): number {
  const radius = Math.sqrt(-2 * Math.log((nextBits(random) + 1) / 4_294_967_297));
  return mean + deviation * radius * Math.cos(2 * Math.PI * uniform(random));
}

/** Exponential with this mean. */
export function exponential(random: Random, mean: number): number {
  return -mean * Math.log((nextBits(random) + 1) / 4_294_967_297);
}

/** One of the entries, with probability proportional to its weight. */
export function choose<T extends string>(
  random: Random,
  weights: readonly (readonly [T, number])[],
): T {
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  let left = uniform(random, 0, total);
  for (const [name, weight] of weights) {
    left -= weight;
    if (left < 0) return name;
  }
  return weights[weights.length - 1][0];
}
