import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { homeHolder } from './home-lock.ts';

const RunStateSchema = z.strictObject({
  /** Of the supervisor. */
  pid: z.int(),
  startedAt: z.iso.datetime(),
  /** Whether the site has answered. */
  isReady: z.boolean(),
  site: z.string(),
  database: z.strictObject({ url: z.string(), readerUrl: z.string(), isPrivate: z.boolean() }),
  /** Absent where packets are fed without Kafka. */
  kafka: z.strictObject({ brokers: z.array(z.string()), isPrivate: z.boolean() }).optional(),
  processes: z.array(
    z.strictObject({
      name: z.string(),
      pid: z.int(),
      startedAt: z.iso.datetime(),
      restarts: z.int(),
      logFile: z.string(),
    }),
  ),
});

/** What `up` runs and where, for the other commands: addresses with passwords, so only for its user. */
export type RunState = z.infer<typeof RunStateSchema>;

export function writeRunState(home: string, state: RunState): void {
  const file = stateFile(home);
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The state of the `up` that runs in this home; undefined if none does or it is only starting. */
export function readRunState(home: string): RunState | undefined {
  const holder = homeHolder(home);
  const file = stateFile(home);
  if (holder === undefined || !existsSync(file)) return undefined;
  const state = RunStateSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return state.success && state.data.pid === holder.pid ? state.data : undefined;
}

function stateFile(home: string): string {
  return join(home, 'run.json');
}
