import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ResourceLimits } from 'node:worker_threads';

import { projectRoot } from './project-root.ts';

/**
 * Starts a thread of the program: from the source where that runs, else from the built file.
 *
 * @param name - Its file below the project, without the ending: `ingest/simulate/packet-worker`.
 * @param resourceLimits - Memory that it may take; beyond it the thread ends, and nothing else.
 */
export function startWorker(
  name: string,
  workerData: unknown,
  resourceLimits?: ResourceLimits,
): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(join(projectRoot, 'dist', `${name}.js`), { workerData, resourceLimits });
  }
  // A thread of Node 20 does not take over the loader that reads TypeScript.
  const url = pathToFileURL(join(projectRoot, `${name}.ts`)).href;
  const program = `import('tsx/esm/api').then(({ register }) => {
    register();
    return import(${JSON.stringify(url)});
  })`;
  return new Worker(program, { workerData, resourceLimits, eval: true });
}
