import { fork } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';

import { projectRoot } from '../../common/project-root.ts';
import type { LifeOptions } from './life-child.ts';

/** One life of a process. */
export interface Life {
  /** Resolves with its signal or exit code. */
  exited: Promise<string>;
  hasExited(): boolean;
  kill(): void;
  /** Lets it end in good order. */
  stop(): Promise<void>;
  /** What all lives of its kind wrote to their log. */
  log(): string;
}

let bundle: Promise<string> | undefined;

/** Bundled once: lives are short. */
function bundledChild(): Promise<string> {
  if (bundle !== undefined) return bundle;
  // Below the project, or it would not find its packages.
  const outfile = join(projectRoot, 'node_modules', '.cache', `glint-life-${process.pid}.mjs`);
  process.once('exit', () => rmSync(outfile, { force: true }));
  bundle = build({
    entryPoints: [join(projectRoot, 'test', 'chaos', 'life-child.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['snappy', 'lz4-napi', 'pino-pretty', 'sharp'],
    banner: {
      js: `import { createRequire } from 'node:module';
        const require = createRequire(import.meta.url);
        const __filename = import.meta.filename;
        const __dirname = import.meta.dirname;`,
    },
  }).then(() => outfile);
  return bundle;
}

/** @param logFolder - Where its log goes: one file for all lives of its kind. */
export async function startLife(options: LifeOptions, logFolder: string): Promise<Life> {
  const logFile = join(logFolder, `${options.role}.log`);
  const output = openSync(logFile, 'a');
  const child = fork(await bundledChild(), [JSON.stringify(options)], {
    cwd: projectRoot,
    execArgv: [],
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  let hasExited = false;
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      hasExited = true;
      resolve(signal ?? `exit code ${code}`);
    });
  });
  return {
    exited,
    hasExited: () => hasExited,
    kill: () => void child.kill('SIGKILL'),
    async stop() {
      if (!hasExited) child.send('stop');
      await exited;
    },
    log: () => readFileSync(logFile, 'utf8'),
  };
}
