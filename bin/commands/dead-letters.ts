import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError, Option } from 'commander';

import { InvalidInputError } from '../../common/errors.ts';
import type { Database } from '../../common/store/database.ts';
import {
  countDeadLetters,
  DEAD_LETTER_STATES,
  listDeadLetters,
  selectDeadLetter,
} from '../../common/store/dead-letters.ts';
import type { DeadLetterState } from '../../common/store/dead-letters.ts';
import { withContext } from '../open-context.ts';
import { deadLetterJson, deadLetterLine, deadLetterText, exportName } from './dead-letter-text.ts';

const EXPORT_PAGE = 500;

interface Filter {
  fault?: string;
  state?: DeadLetterState | 'all';
}

/** `bin/glint dead-letters`: what could not be stored, and what to do about it. */
export function deadLettersCommand(): Command {
  return new Command('dead-letters')
    .description('packets that could not be stored: look at them, take them out, try them again')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(exportCommand())
    .addCommand(retryCommand());
}

function listCommand(): Command {
  return withFilter(new Command('list').description('list them, newest first'))
    .option('--limit <count>', 'how many to show', parseCount, 20)
    .option('--before <id>', 'only older ones than this', parseId)
    .option('--json', 'print them as JSON')
    .action((options: Filter & { limit: number; before?: bigint; json?: boolean }) =>
      run(async ({ db }) => {
        const letters = await listDeadLetters(db, {
          limit: options.limit,
          before: options.before,
          ...selectionOf(options),
        });
        if (options.json) {
          print(JSON.stringify(letters.map(deadLetterJson)));
          return;
        }
        for (const letter of letters) print(deadLetterLine(letter));
        const counts = await countDeadLetters(db);
        const sum = (state: DeadLetterState) =>
          counts.reduce((total, row) => total + (row.state === state ? row.count : 0), 0);
        print(
          `${letters.length} shown; ${sum('waiting')} wait, ${sum('retried')} were stored by a later try.`,
        );
      }),
    );
}

function showCommand(): Command {
  return new Command('show')
    .description('show one with its first bytes')
    .argument('<id>', 'number of the dead letter', parseId)
    .option('--json', 'print it as JSON, the packet in base64')
    .action((id: bigint, options: { json?: boolean }) =>
      run(async ({ db }) => {
        const letter = await selectDeadLetter(db, id);
        const packet = letter.packet.toString('base64');
        print(
          options.json
            ? JSON.stringify({ ...deadLetterJson(letter), packet })
            : deadLetterText(letter),
        );
      }),
    );
}

function exportCommand(): Command {
  return withFilter(
    new Command('export').description(
      'write their packets to files, and what is known beside them',
    ),
  )
    .argument('<folder>', 'where to; it is made if it is not there')
    .option('--json', 'print the outcome as JSON')
    .action((folder: string, options: Filter & { json?: boolean }) =>
      run(async ({ db }) => {
        const packets = await exportAll(db, folder, options);
        print(
          options.json
            ? JSON.stringify({ folder, packets })
            : `${packets} packets are in ${folder}; dead-letters.jsonl there says what they are.`,
        );
      }),
    );
}

function retryCommand(): Command {
  return new Command('retry')
    .description('try them again with what the program knows today')
    .argument('[ids...]', 'which; without any, all that wait', parseIds)
    .option('--json', 'print the outcome as JSON')
    .action((ids: bigint[] | undefined, options: { json?: boolean }) =>
      run(async (context) => {
        const { retryDeadLetters } = await import('../../ingest/replay/retry-dead-letters.ts');
        const chosen = ids !== undefined && ids.length > 0 ? ids : undefined;
        const total = chosen?.length ?? (await countWaiting(context.db));
        const bar = new SingleBar({ format: 'retry {bar} {value}/{total}', clearOnComplete: true });
        const showsBar = process.stderr.isTTY && !options.json;
        if (showsBar) bar.start(total, 0);
        const counts = await retryDeadLetters(context, chosen, ({ tried }) => {
          if (showsBar) bar.update(tried);
        }).finally(() => bar.stop());
        print(
          options.json
            ? JSON.stringify(counts)
            : `${counts.tried} tried: ${counts.stored} are stored now, ${counts.failed} still cannot be.`,
        );
      }),
    );
}

const run = (work: Parameters<typeof withContext<void>>[2]) =>
  withContext('dead-letters', { servers: 'started' }, work);

function withFilter(command: Command): Command {
  return command
    .option('--fault <fault>', 'only of this kind: damaged, unknown_schema ...')
    .addOption(
      new Option('--state <state>', 'only in this state')
        .choices([...DEAD_LETTER_STATES, 'all'])
        .default('waiting'),
    );
}

function selectionOf({ fault, state }: Filter): { fault?: string; state?: DeadLetterState } {
  return { fault, state: state === 'all' ? undefined : state };
}

async function exportAll(db: Database, folder: string, filter: Filter): Promise<number> {
  const index: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
    let before: bigint | undefined;
    for (;;) {
      const page = await listDeadLetters(db, {
        limit: EXPORT_PAGE,
        before,
        ...selectionOf(filter),
      });
      if (page.length === 0) break;
      for (const { deadLetterId } of page) {
        const letter = await selectDeadLetter(db, deadLetterId);
        const file = exportName(letter);
        await writeFile(join(folder, file), letter.packet);
        index.push(`${JSON.stringify({ file, ...deadLetterJson(letter) })}\n`);
      }
      before = page[page.length - 1].deadLetterId;
    }
    await writeFile(join(folder, 'dead-letters.jsonl'), index);
  } catch (err) {
    if ((err as NodeJS.ErrnoException).syscall === undefined) throw err;
    throw new InvalidInputError(`the packets cannot be written to ${folder}`, { cause: err });
  }
  return index.length;
}

async function countWaiting(db: Database): Promise<number> {
  const counts = await countDeadLetters(db);
  return counts.reduce((sum, { state, count }) => sum + (state === 'waiting' ? count : 0), 0);
}

function parseId(text: string): bigint {
  if (!/^\d{1,18}$/.test(text))
    throw new InvalidArgumentError('it must be a number from the list.');
  return BigInt(text);
}

function parseIds(text: string, before: bigint[] | undefined): bigint[] {
  return [...(before ?? []), parseId(text)];
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d{1,6}$/.test(text) || count < 1) {
    throw new InvalidArgumentError('it must be a whole number from 1 to 999999.');
  }
  return count;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
