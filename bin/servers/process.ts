import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { SetupError } from '../../common/errors.ts';
import { removePidFile, writePidFile } from './pid-file.ts';

/** A server program that this process started. */
export interface ServerProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  hasExited(): boolean;
  /** Resolves with what it ended by: an exit code or a signal. */
  readonly exited: Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL when it takes longer than `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

export interface ServerCommand {
  name: string;
  program: string;
  args: string[];
  logFile: string;
  environment?: Record<string, string | undefined>;
  /** Keeps a channel open, whose end tells the program that this process is gone. */
  channel?: boolean;
}

/** Where `startServer` notes the process: beside its log. */
function pidFileOf(logFile: string): string {
  return logFile.replace(/\.log$/, '.pid');
}

/**
 * Starts a server in a process group of its own (a Ctrl-C in the terminal is ours to handle), and
 * notes it in a pid file beside its log.
 */
export function startServer(command: ServerCommand): ServerProcess {
  const output = openSync(command.logFile, 'a');
  const child = spawn(command.program, command.args, {
    stdio: ['ignore', output, output, ...(command.channel === true ? (['ipc'] as const) : [])],
    detached: true,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      LANG: 'C.UTF-8',
      ...command.environment,
    },
  });
  closeSync(output);
  const pidFile = pidFileOf(command.logFile);
  if (child.pid !== undefined) writePidFile(pidFile, command.name, child.pid);
  let hasExited = false;
  const exited = new Promise<string>((resolve) => {
    child.once('error', (err) => {
      hasExited = true;
      resolve(err.message);
    });
    child.once('exit', (code, signal) => {
      hasExited = true;
      removePidFile(pidFile);
      resolve(signal ?? `exit code ${code}`);
    });
  });
  if (child.pid === undefined) throw new SetupError(`${command.program} cannot be started`);
  return {
    name: command.name,
    pid: child.pid,
    logFile: command.logFile,
    hasExited: () => hasExited,
    exited,
    signal: (signal) => void child.kill(signal),
    async stop(graceMs = 8_000) {
      if (hasExited) return;
      child.kill('SIGTERM');
      const isDone = await Promise.race([
        exited.then(() => true),
        sleep(graceMs, false, { ref: false }),
      ]);
      if (!isDone) child.kill('SIGKILL');
      await exited;
    },
  };
}

/**
 * Waits until `isReady` answers true.
 *
 * @throws {SetupError} with the end of the server's log, if it exits first or takes too long.
 */
export async function waitUntilReady(
  server: ServerProcess,
  isReady: () => Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isReady().catch(() => false))) {
    if (server.hasExited() || Date.now() > deadline) {
      const why = server.hasExited() ? `stopped with ${await server.exited}` : 'does not answer';
      await server.stop();
      throw new SetupError(
        `${server.name} ${why}; the end of ${server.logFile}:\n${lastLines(server.logFile, 8)}`,
      );
    }
    await sleep(50);
  }
}

/** A TCP port that nobody listens on: the wanted one if it is free. */
export async function freePort(wanted?: number, host = '127.0.0.1'): Promise<number> {
  if (wanted !== undefined && (await tryPort(wanted, host)) !== undefined) return wanted;
  const port = await tryPort(0, host);
  if (port === undefined) throw new SetupError(`no TCP port can be opened on ${host}`);
  return port;
}

function tryPort(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen({ port, host, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : undefined),
      );
    });
  });
}

function lastLines(file: string, count: number): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}
