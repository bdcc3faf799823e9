import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { NotedProcess } from '../servers/pid-file.ts';
import { readPidFile, stopNotedProcess } from '../servers/pid-file.ts';

const CHILD_GRACE_MS = 3_500;
const SERVER_GRACE_MS = 5_000;

/**
 * Stops what an `up` that was killed left running in this home: its own processes, then the servers
 * they use. A pid that another program has by now is left alone.
 *
 * @returns What was stopped.
 */
export async function stopOrphans(home: string): Promise<NotedProcess[]> {
  const children = notedIn(join(home, 'logs'));
  await Promise.all(children.map((child) => stopNotedProcess(child, CHILD_GRACE_MS)));
  const servers = ['mariadb', 'kafka'].flatMap((folder) => notedIn(join(home, folder)));
  await Promise.all(servers.map((server) => stopNotedProcess(server, SERVER_GRACE_MS)));
  return [...children, ...servers];
}

function notedIn(folder: string): NotedProcess[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.pid'))
    .map((name) => readPidFile(join(folder, name)))
    .filter((noted) => noted !== undefined);
}
