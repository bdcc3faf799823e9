import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '../../../common/project-root.ts';

/** Path of a file of the reference data, which is kept beside the project. */
export function referencePath(path: string): string {
  return join(projectRoot, '..', 'shared', 'data', path);
}

/** Path of a reference file; skips the test, saying so, where the data is absent. */
export function requireReference(test: Mocha.Context, path: string): string {
  const file = referencePath(path);
  if (!existsSync(file)) {
    process.stderr.write(`skipped: there is no ${path} beside the project\n`);
    test.skip();
  }
  return file;
}

/** Text of a reference file; skips the test where the data is absent. */
export function readReference(test: Mocha.Context, path: string): string {
  return readFileSync(requireReference(test, path), 'utf8');
}

/** Pseudo-random numbers in [0, 1) from a seed: the same in every run (xorshift, 32 bits). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A random position, uniform on the sphere, degrees. */
export function randomPosition(random: () => number): { ra: number; dec: number } {
  return { ra: random() * 360, dec: (Math.asin(2 * random() - 1) * 180) / Math.PI };
}

/** The position at a distance and position angle (degrees) from another. */
export function positionAt(
  from: { ra: number; dec: number },
  distance: number,
  angle: number,
): { ra: number; dec: number } {
  const rad = Math.PI / 180;
  const [dec, d, a] = [from.dec * rad, distance * rad, angle * rad];
  const z = Math.sin(dec) * Math.cos(d) + Math.cos(dec) * Math.sin(d) * Math.cos(a);
  const east = Math.sin(d) * Math.sin(a);
  const out = Math.cos(dec) * Math.cos(d) - Math.sin(dec) * Math.sin(d) * Math.cos(a);
  return {
    ra: from.ra + Math.atan2(east, out) / rad,
    dec: Math.atan2(z, Math.hypot(east, out)) / rad,
  };
}
