import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { testFolder } from '../../servers.ts';

const SIZE = 64;

/**
 * A folder with two small dust maps in the published layout.
 *
 * @param pixel - E(B-V) of a pixel, mag, in both.
 */
export function writeDustMaps(pixel: (column: number, row: number) => number): string {
  const folder = mkdtempSync(join(testFolder(), 'dust-maps-'));
  for (const [name, pole] of [
    ['ngp', 1],
    ['sgp', -1],
  ] as const)
    writeFileSync(join(folder, `SFD_dust_4096_${name}.fits`), dustMap(pole, pixel));
  return folder;
}

/** A small map in the published layout; `pixel` gives its values. */
export function dustMap(
  pole: 1 | -1,
  pixel: (column: number, row: number) => number,
  changes: Record<string, string> = {},
): Buffer {
  const cards: Record<string, string> = {
    SIMPLE: 'T',
    BITPIX: '-32',
    NAXIS: '2',
    NAXIS1: String(SIZE),
    NAXIS2: String(SIZE),
    LAM_NSGP: String(pole),
    LAM_SCAL: String(SIZE / 2),
    CRPIX1: String(SIZE / 2 + 0.5),
    CRPIX2: String(SIZE / 2 + 0.5),
    ...changes,
  };
  const lines = Object.entries(cards).map(
    ([name, value]) => `${name.padEnd(8)}= ${value.padStart(20)}`,
  );
  const header = [...lines, 'END']
    .map((line) => line.padEnd(80))
    .join('')
    .padEnd(2880);
  const bytes = Buffer.alloc(SIZE * SIZE * 4);
  for (let row = 0; row < SIZE; row++)
    for (let column = 0; column < SIZE; column++)
      bytes.writeFloatBE(pixel(column, row), 4 * (row * SIZE + column));
  return Buffer.concat([Buffer.from(header), bytes]);
}
