import { fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';
import { z } from 'zod';

import { projectRoot } from '../../../common/project-root.ts';
import type { ChildOptions } from './ingest-child.ts';

const Message = z.object({
  stage: z.string().optional(),
  bufferedBytes: z.number().optional(),
  memoryBytes: z.number().optional(),
  waitingFor: z.string().nullish(),
});

/** One life of ingest. */
export interface IngestChild {
  pid: number;
  /** Resolves when it has begun to work on packets, or has ended. */
  isWorking: Promise<void>;
  /** Resolves with its signal or exit code. */
  exited: Promise<string>;
  hasExited(): boolean;
  /** As it was told last. */
  stats(): { bufferedBytes: number; memoryBytes: number; waitingFor: string | null };
  kill(): void;
  /** Lets it end in good order. */
  stop(): Promise<void>;
  /** What it wrote to its log since the test began. */
  log(): string;
}

let bundle: Promise<string> | undefined;

/** Bundles the program once: a life of a quarter of a second cannot wait for a compiler. */
function bundledChild(): Promise<string> {
  if (bundle !== undefined) return bundle;
  // Below the project, or it would not find its packages.
  const outfile = join(projectRoot, 'node_modules', '.cache', `glint-chaos-${process.pid}.mjs`);
  process.once('exit', () => rmSync(outfile, { force: true }));
  bundle = build({
    entryPoints: [join(projectRoot, 'test', 'ingest', 'chaos', 'ingest-child.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Packages too, but for the native ones: a thousand small files take half a second to load.
    external: ['snappy', 'lz4-napi', 'pino-pretty'],
    banner: {
      js: `import { createRequire } from 'node:module';
        const require = createRequire(import.meta.url);
        const __filename = import.meta.filename;
        const __dirname = import.meta.dirname;`,
    },
  }).then(() => outfile);
  return bundle;
}

/** @param logFolder - Where its log goes; all lives share one file. */
export async function startChild(options: ChildOptions, logFolder: string): Promise<IngestChild> {
  mkdirSync(logFolder, { recursive: true });
  const logFile = join(logFolder, 'ingest.log');
  const output = openSync(logFile, 'a');
  const child = fork(await bundledChild(), [JSON.stringify(options)], {
    cwd: projectRoot,
    // Not mocha's: what it was started with loads a compiler.
    execArgv: [],
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  const last = { bufferedBytes: 0, memoryBytes: 0, waitingFor: null as string | null };
  let hasExited = false;
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      hasExited = true;
      resolve(signal ?? `exit code ${code}`);
    });
  });
  const working = new Promise<void>((resolve) => {
    child.on('message', (raw) => {
      const { stage, ...stats } = Message.parse(raw);
      if (stage !== undefined) resolve();
      else Object.assign(last, stats);
    });
  });
  return {
    pid: child.pid ?? 0,
    isWorking: Promise.race([working, exited.then(() => undefined)]),
    exited,
    hasExited: () => hasExited,
    stats: () => ({ ...last }),
    kill: () => void child.kill('SIGKILL'),
    async stop() {
      if (!hasExited) child.send('stop');
      await exited;
    },
    log: () => readFileSync(logFile, 'utf8'),
  };
}
