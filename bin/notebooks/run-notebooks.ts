import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { newSecret } from '../../common/accounts/secrets.ts';
import type { Context } from '../../common/context.ts';
import { InvalidInputError } from '../../common/errors.ts';
import { projectRoot } from '../../common/project-root.ts';
import { insertApiToken } from '../../common/store/accounts/api-tokens.ts';
import { deleteAccount } from '../../common/store/accounts/end-account.ts';
import { issueNotebookAccount } from '../../common/store/accounts/notebook-accounts.ts';
import { insertUser } from '../../common/store/accounts/users.ts';
import { notebookAddress } from './notebook-address.ts';

const FOLDER = join(projectRoot, 'notebooks');
const RUNNER = join(FOLDER, 'run.py');
/** A token that is left over when the machine goes down in the middle ends by itself. */
const TOKEN_HOURS = 2;

export interface NotebookRun {
  /** Interpreter that has the packages of `notebooks/requirements.txt`. */
  python: string;
  /** Address of the running site. */
  siteUrl: string;
  /** Files in `notebooks/`. */
  names: string[];
  /** What a notebook prints. */
  onOutput: (text: string) => void;
  /** Aborted to break off. */
  signal?: AbortSignal;
}

/** The notebooks of the project, by name. */
export function notebookNames(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ipynb'))
    .sort();
}

/** @throws {InvalidInputError} if there is no notebook of a name. */
export function requireNotebooks(names: string[]): string[] {
  const known = notebookNames();
  const unknown = names.find((name) => !known.includes(basename(name)));
  if (unknown !== undefined) {
    throw new InvalidInputError(`there is no notebook ${unknown}: there are ${known.join(', ')}`);
  }
  return names.length === 0 ? known : names.map((name) => basename(name));
}

/**
 * Runs notebooks against a running site, each in a process of its own, as somebody whose account,
 * token and account of the database are made for it and removed after it.
 *
 * @returns Names of those that failed.
 */
export async function runNotebooks(context: Context, run: NotebookRun): Promise<string[]> {
  const { db, config, now } = context;
  const login = `notebooks-${newSecret().replace(/\W/g, '').slice(0, 10)}`;
  const userId = await insertUser(
    db,
    { name: login, email: `${login}@localhost.invalid`, role: 'user' },
    now(),
  );
  const folder = mkdtempSync(join(tmpdir(), 'glint-notebooks-'));
  try {
    const expiresAt = new Date(now().getTime() + TOKEN_HOURS * 3_600_000);
    const token = await db.transaction((tx) =>
      insertApiToken(
        tx,
        userId,
        { name: 'notebooks', scopes: ['read', 'query'], expiresAt },
        now(),
      ),
    );
    const account = await issueNotebookAccount(db, userId, {
      timeoutMs: config.notebookTimeoutMs,
      now: now(),
    });
    const { host, port } = notebookAddress(config);
    const environment = {
      GLINT_URL: run.siteUrl,
      GLINT_TOKEN: token,
      GLINT_DB_HOST: host,
      GLINT_DB_PORT: String(port),
      GLINT_DB_USER: account.name,
      GLINT_DB_PASSWORD: account.password,
    };
    const failed: string[] = [];
    for (const name of run.names) {
      if (!(await runOne(run, name, folder, environment))) failed.push(name);
      run.signal?.throwIfAborted();
    }
    return failed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await deleteAccount(db, userId, now());
  }
}

async function runOne(
  { python, onOutput, signal }: NotebookRun,
  name: string,
  folder: string,
  environment: Record<string, string>,
): Promise<boolean> {
  const child = spawn(python, [RUNNER, join(FOLDER, name)], {
    // Nothing of the broker's own settings: what a notebook needs is what its user has.
    env: { PATH: '/usr/bin:/bin', HOME: folder, MPLCONFIGDIR: folder, ...environment },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = () => child.kill();
  signal?.addEventListener('abort', stop);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', onOutput);
  }
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code === 0;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
