import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { projectRoot } from '../../common/project-root.ts';

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `bin/glint ARGS...` with these settings and none of the caller's. */
export function runGlint(args: string[], settings: Record<string, string>): Promise<Finished> {
  const child = spawn(join(projectRoot, 'bin', 'glint'), args, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const outputs = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (outputs.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (outputs.stderr += chunk.toString()));
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, ...outputs }));
  });
}
