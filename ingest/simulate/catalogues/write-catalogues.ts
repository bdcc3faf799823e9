import { createWriteStream, mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';

import { R } from '../light-curves.ts';
import type { NightOptions } from '../options.ts';
import { formatOf } from './catalogue-formats.ts';
import type { SimulatedCatalogue } from './catalogue-formats.ts';
import { fieldThing } from './field-things.ts';
import type { KnownThing } from './known-thing.ts';
import { skyThings } from './sky-things.ts';

export interface CatalogueOrder {
  catalogues: readonly SimulatedCatalogue[];
  /** Nights whose sky is in the catalogues: everything in them that a catalogue would list. */
  nights: readonly NightOptions[];
  /** Rows that each catalogue is filled up to with things of the wide sky. */
  rows: number;
  seed: number;
  folder: string;
  /** Told now and then how many rows of a catalogue are written. */
  progress?: (catalogue: SimulatedCatalogue, rows: number) => void;
  signal?: AbortSignal;
}

export interface WrittenCatalogue {
  catalogue: SimulatedCatalogue;
  file: string;
  rows: number;
  /** Rows of the nights' own sky: the first ones. */
  ofNights: number;
}

const WRITE_CHARS = 1 << 20;
const PROGRESS_ROWS = 20_000;

/**
 * Writes simulated catalogues as CSV files with a header, `NAME.csv` in the folder: first what
 * stands in the sky of the nights, then the wide sky. Equal orders give equal bytes. Streams: memory
 * does not grow with the rows.
 */
export async function writeCatalogues(order: CatalogueOrder): Promise<WrittenCatalogue[]> {
  mkdirSync(order.folder, { recursive: true });
  const writers = order.catalogues.map((catalogue) => openCatalogue(order, catalogue));
  for (const night of order.nights) {
    for (const thing of skyThings(night)) {
      for (const writer of writers) {
        if (writer.add(thing)) await writer.drained();
      }
      order.signal?.throwIfAborted();
    }
  }
  const written: WrittenCatalogue[] = [];
  for (const writer of writers) written.push(await writer.fill());
  return written;
}

function openCatalogue(order: CatalogueOrder, catalogue: SimulatedCatalogue) {
  const format = formatOf(catalogue);
  const file = join(order.folder, `${catalogue}.csv`);
  const stream = createWriteStream(file, { highWaterMark: WRITE_CHARS });
  // A failure is met where the stream is waited for.
  stream.on('error', () => undefined);
  let text = `${format.columns.join(',')}\n`;
  let rows = 0;

  const write = (thing: KnownThing) => {
    text += `${format.row(thing).join(',')}\n`;
    rows++;
    if (rows % PROGRESS_ROWS === 0) order.progress?.(catalogue, rows);
    return text.length > WRITE_CHARS;
  };
  const drained = async () => {
    const isFull = !stream.write(text);
    text = '';
    if (stream.errored !== null) throw stream.errored;
    if (isFull) await once(stream, 'drain');
  };
  return {
    /** @returns Whether the file has to be waited for. */
    add: (thing: KnownThing) =>
      thing.mags[R] < format.limit && format.lists(thing) ? write(thing) : false,
    drained,
    async fill(): Promise<WrittenCatalogue> {
      const ofNights = rows;
      for (let index = 0; rows < order.rows; index++) {
        const population = format.fill[index % format.fill.length];
        const number = Math.floor(index / format.fill.length);
        const isFull = write(fieldThing(order.seed, population, number, format.limit));
        if (isFull) {
          await drained();
          order.signal?.throwIfAborted();
        }
      }
      stream.end(text);
      await finished(stream);
      order.progress?.(catalogue, rows);
      return { catalogue, file, rows, ofNights };
    },
  };
}
