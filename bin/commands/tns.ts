import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';

import { SingleBar } from 'cli-progress';
import { Command } from 'commander';

import { InvalidInputError, SetupError } from '../../common/errors.ts';
import { withNamedLock } from '../../common/store/locks.ts';
import { isZip, unzipCsv } from '../../post_ingest/tns/read-zip.ts';
import { describeTaken, takeList } from '../../post_ingest/tns/take-list.ts';
import { withContext } from '../open-context.ts';

interface ImportOptions {
  whole?: boolean;
  json?: boolean;
}

/** `bin/glint tns`: names of the Transient Name Server without a bot. */
export function tnsCommand(): Command {
  const tns = new Command('tns').description('names of the Transient Name Server');
  tns
    .command('import')
    .argument(
      '<file>',
      'tns_public_objects.csv, as it is or zipped, or what the search page gives as CSV or TSV',
    )
    .description('take over a list that was downloaded by hand, and match it with the objects')
    .option('--whole', 'the list has all there is: forget names that it lacks')
    .option('--json', 'print the outcome as JSON')
    .action((file: string, options: ImportOptions) => importFile(file, options));
  return tns;
}

async function importFile(file: string, { whole, json }: ImportOptions): Promise<void> {
  // The file is looked at first: a wrong one is told before any server is started.
  const chunks = await openList(file);
  const bar = new SingleBar({ format: 'import {value} rows', clearOnComplete: true });
  const showsBar = process.stderr.isTTY && !json;
  const taken = await withContext('tns', { servers: 'started' }, async (context) => {
    const locked = await withNamedLock(context.db, 'job.follow-tns', async (signal) => {
      if (showsBar) bar.start(0, 0);
      const options = { isWhole: whole === true, signal };
      return takeList(context, chunks, {
        ...options,
        onRows: (rows) => showsBar && bar.update(rows),
      }).finally(() => bar.stop());
    });
    if (locked === undefined) {
      throw new SetupError('the job follow-tns runs just now: try again when it has ended');
    }
    return locked.result;
  });
  process.stdout.write(`${json ? JSON.stringify(taken) : describeTaken(taken)}\n`);
}

/** @throws {InvalidInputError} if the file cannot be read. */
async function openList(file: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    if (!(await stat(file)).isFile()) throw new InvalidInputError(`${file} is no file`);
    const handle = await open(file);
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0).finally(() => handle.close());
    if (isZip(buffer)) return unzipCsv(await readFile(file));
    return createReadStream(file);
  } catch (err) {
    if (err instanceof InvalidInputError) throw err;
    throw new InvalidInputError(`${file} cannot be read`, { cause: err });
  }
}
