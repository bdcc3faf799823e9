import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { NightOptions } from './options.ts';
import { simulatePackets } from './packets.ts';
import { joinParts, planNights } from './plan.ts';
import { createTruth } from './truth.ts';

/** Raised whenever equal options give other bytes than before: old files are then made anew. */
const SIMULATOR_VERSION = 3;
const WRITE_BYTES = 8_000_000;
const READ_BYTES = 4_000_000;

/** Packets in one file: each behind its length, four bytes, the most significant first. */
export interface NightFile {
  file: string;
  count: number;
  /** Of the packets alone. */
  bytes: number;
  sha256: string;
}

export interface PreparedNight {
  /** Packets to be ingested first, where a workload begins with known objects. */
  preload?: NightFile;
  measured: NightFile;
  /** JSON lines: what the objects really are. */
  truth: string;
}

/** Told now and then how many packets of how many are written. */
export type Progress = (done: number, total: number) => void;

const FileEntry = z.strictObject({ count: z.int(), bytes: z.int(), sha256: z.string() });
const Manifest = z.object({ measured: FileEntry, preload: FileEntry.optional() });

/**
 * The packets of simulated nights as files, made if they are not there yet. Two processes may
 * prepare the same night at once: the second finds or repeats the first one's work.
 *
 * @param cacheDir - Folder of prepared nights; each has a folder in it named by its options.
 */
export async function prepareNight(
  options: NightOptions,
  cacheDir: string,
  progress: Progress = () => undefined,
): Promise<PreparedNight> {
  const folder = join(cacheDir, folderName(options));
  if (!existsSync(join(folder, 'manifest.json'))) {
    const draft = `${folder}.${process.pid}`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    await writeNight(options, draft, progress);
    try {
      renameSync(draft, folder);
    } catch (err) {
      rmSync(draft, { recursive: true, force: true });
      if (!existsSync(join(folder, 'manifest.json'))) throw err;
    }
  }
  return readManifest(folder);
}

function folderName(options: NightOptions): string {
  const { survey, workload, alerts, seed, nights, startNight } = options;
  const key = JSON.stringify([
    SIMULATOR_VERSION,
    survey,
    workload,
    alerts,
    seed,
    nights,
    startNight,
  ]);
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 12);
  return `${survey}-${workload}-${alerts}-${hash}`;
}

function readManifest(folder: string): PreparedNight {
  const text = readFileSync(join(folder, 'manifest.json'), 'utf8');
  const { measured, preload } = Manifest.parse(JSON.parse(text));
  return {
    measured: { file: join(folder, 'measured.packets'), ...measured },
    ...(preload && { preload: { file: join(folder, 'preload.packets'), ...preload } }),
    truth: join(folder, 'truth.jsonl'),
  };
}

async function writeNight(options: NightOptions, folder: string, progress: Progress) {
  const plan = planNights(options);
  const [before, total] = [
    plan.preload.source.length,
    plan.preload.source.length + plan.measured.source.length,
  ];
  const tell = createTruth(options);
  const lines: string[] = [];
  const packets = simulatePackets(options, plan, joinParts(plan));
  const write = async (part: 'preload' | 'measured', from: number, to: number) => {
    const file = await openNightFile(join(folder, `${part}.packets`));
    for (let n = from; n < to; n++) {
      const next = await packets.next();
      if (next.done === true) throw new Error('the simulation ended early');
      const packet = next.value;
      await file.write(packet.bytes);
      const truth = tell(packet);
      if (truth !== undefined) lines.push(`${JSON.stringify(truth)}\n`);
      if (n % 500 === 0) progress(n, total);
    }
    return file.close();
  };
  try {
    const preload = before > 0 ? await write('preload', 0, before) : undefined;
    const measured = await write('measured', before, total);
    await writeFile(join(folder, 'truth.jsonl'), lines.join(''));
    const manifest = { options, preload, measured };
    await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  } finally {
    await packets.return(undefined);
  }
  progress(total, total);
}

async function openNightFile(path: string) {
  const hash = createHash('sha256');
  const handle = await open(path, 'w');
  let pieces: Buffer[] = [];
  let [size, count, bytes] = [0, 0, 0];
  let writing: Promise<unknown> = Promise.resolve();
  /** Packets go on being made while the last ones are on their way to the disk. */
  const flush = async () => {
    const full = pieces;
    [pieces, size] = [[], 0];
    for (const piece of full) hash.update(piece);
    await writing;
    if (full.length > 0) writing = handle.writev(full);
    // A failure is met when the next ones follow.
    writing.catch(() => undefined);
  };
  return {
    async write(packet: Buffer): Promise<void> {
      const length = Buffer.allocUnsafe(4);
      length.writeUInt32BE(packet.length);
      pieces.push(length, packet);
      size += packet.length;
      bytes += packet.length;
      count++;
      if (size >= WRITE_BYTES) await flush();
    },
    async close(): Promise<Omit<NightFile, 'file'>> {
      await flush();
      await writing;
      await handle.close();
      return { count, bytes, sha256: hash.digest('hex') };
    },
  };
}

/** The packets of a prepared night, one after the other. */
export async function* readNight(file: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: READ_BYTES })) {
    const bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let at = 0;
    while (bytes.length - at >= 4) {
      const end = at + 4 + bytes.readUInt32BE(at);
      if (end > bytes.length) break;
      yield bytes.subarray(at + 4, end);
      at = end;
    }
    rest = bytes.subarray(at);
  }
  if (rest.length > 0) throw new Error(`${file} ends in the middle of a packet`);
}
