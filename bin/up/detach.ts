import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { SetupError } from '../../common/errors.ts';
import { readConfig } from '../environment.ts';
import { childLogFile } from './child.ts';
import { followLog } from './follow-log.ts';
import { homeHolder, takeHomeLock } from './home-lock.ts';
import { readRunState } from './run-state.ts';

const POLL_MS = 100;

/**
 * Starts `up` in the background and returns when the site answers. What it says is shown meanwhile
 * and kept in `logs/up.log`.
 *
 * @throws {SetupError} if it already runs, or ended before the site answered.
 */
export async function detachUp(args: string[]): Promise<void> {
  const { home } = readConfig();
  // Fails at once, with the sentence for a person, if the home is taken.
  takeHomeLock(home, 'up').release();
  const logFile = childLogFile(home, 'up');
  const unfollow = followLog(logFile, (line) => process.stdout.write(`${line}\n`));
  const output = openSync(logFile, 'a');
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1], ...args], {
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const interrupt = () => child.kill('SIGTERM');
  process.on('SIGINT', interrupt);
  try {
    while (!(readRunState(home)?.isReady === true && homeHolder(home)?.pid === child.pid)) {
      if (child.exitCode !== null || child.signalCode !== null) {
        unfollow();
        throw new SetupError(`Glint did not start: ${logFile} has what it said`);
      }
      await sleep(POLL_MS);
    }
  } finally {
    process.off('SIGINT', interrupt);
    unfollow();
  }
  child.unref();
}
