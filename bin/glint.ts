import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Command, CommanderError } from 'commander';
import { z } from 'zod';

import { BrokerError, describeError } from '../common/errors.ts';
import { projectRoot } from '../common/project-root.ts';
import { benchCommand } from './commands/bench.ts';
import { catalogueCommand } from './commands/catalogue.ts';
import { deadLettersCommand } from './commands/dead-letters.ts';
import { deliverCommand } from './commands/deliver.ts';
import { downCommand } from './commands/down.ts';
import { filtersCommand } from './commands/filters.ts';
import { ingestCommand } from './commands/ingest.ts';
import { jobsCommand } from './commands/jobs.ts';
import { migrateCommand } from './commands/migrate.ts';
import { notebooksCommand } from './commands/notebooks.ts';
import { rebuildCommand } from './commands/rebuild.ts';
import { replayCommand } from './commands/replay.ts';
import { simulateCommand } from './commands/simulate.ts';
import { statusCommand } from './commands/status.ts';
import { testCommand } from './commands/test.ts';
import { tnsCommand } from './commands/tns.ts';
import { upCommand } from './commands/up.ts';
import { userCommand } from './commands/user.ts';
import { webCommand } from './commands/web.ts';
import { readEnvironment } from './environment.ts';

const FAILURE = 1;
const USAGE_ERROR = 2;

const program = new Command('glint')
  .description('A streaming alert broker with SQL filters, for astronomers')
  .version(readVersion())
  // `simulate catalogue` has options that `simulate` has too.
  .enablePositionalOptions()
  .addCommand(upCommand())
  .addCommand(downCommand())
  .addCommand(statusCommand())
  .addCommand(testCommand())
  .addCommand(ingestCommand())
  .addCommand(deliverCommand())
  .addCommand(jobsCommand())
  .addCommand(filtersCommand())
  .addCommand(webCommand())
  .addCommand(replayCommand())
  .addCommand(simulateCommand())
  .addCommand(benchCommand())
  .addCommand(migrateCommand())
  .addCommand(tnsCommand())
  .addCommand(userCommand())
  .addCommand(notebooksCommand())
  .addCommand(rebuildCommand())
  .addCommand(deadLettersCommand())
  .addCommand(catalogueCommand());
everyCommand(program, (command) => {
  command.exitOverride().configureOutput({
    outputError: (text, write) => {
      const sentence = text
        .trim()
        .replace(/^error: /, '')
        .replace(/\.$/, '');
      write(`glint: ${sentence} (see bin/${fullName(command)} --help)\n`);
    },
  });
});

try {
  await program.parseAsync();
} catch (err) {
  process.exit(report(err));
}

/** Tells the person in one sentence. @returns The exit code. */
function report(err: unknown): number {
  if (err instanceof CommanderError) return err.exitCode === 0 ? 0 : USAGE_ERROR;
  const { logLevel, home } = settings();
  if (err instanceof BrokerError) process.stderr.write(`glint: ${describeError(err)}\n`);
  else {
    const kept = keepStack(home, err);
    process.stderr.write(`glint: ${describeError(err)}; this should not happen${kept}\n`);
  }
  if (logLevel === 'debug' || logLevel === 'trace') {
    process.stderr.write(`${err instanceof Error ? err.stack : String(err)}\n`);
  }
  return FAILURE;
}

/** The settings themselves may be what is wrong. */
function settings(): { logLevel?: string; home?: string } {
  try {
    const { GLINT_LOG_LEVEL: logLevel, GLINT_HOME: home } = readEnvironment();
    return { logLevel, home };
  } catch {
    return {};
  }
}

function keepStack(home: string | undefined, err: unknown): string {
  if (home === undefined || !(err instanceof Error)) return '';
  try {
    const folder = join(home, 'logs');
    const file = join(folder, 'errors.log');
    mkdirSync(folder, { recursive: true });
    appendFileSync(
      file,
      `${new Date().toISOString()} ${process.argv.slice(2).join(' ')}\n${err.stack}\n`,
    );
    return `: the details are in ${file}`;
  } catch {
    // The home cannot be written: the sentence itself must do.
    return '';
  }
}

/** `glint user add` */
function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

function everyCommand(command: Command, change: (command: Command) => void): void {
  change(command);
  for (const child of command.commands) everyCommand(child, change);
}

function readVersion(): string {
  const file = readFileSync(join(projectRoot, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(file)).version;
}
