import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { SetupError } from '../../common/errors.ts';
import { openDatabase } from '../../common/store/database.ts';
import { freePort, startServer, waitUntilReady } from './process.ts';
import type { ServerProcess } from './process.ts';

const run = promisify(execFile);
const GIB = 2 ** 30;

export interface MariaDbOptions {
  /** Aborted when the server is no longer wanted: one that does not run yet is not started. */
  signal?: AbortSignal;
  /** Everything of the server lives here. */
  folder: string;
  /** Taken if it is free. */
  port?: number;
  /** Default: an eighth of the machine's memory, at most 4 GiB. */
  bufferPoolBytes?: number;
  extraArgs?: string[];
}

export interface PrivateDatabase {
  server: ServerProcess;
  port: number;
  /** The account the broker works with. */
  url: string;
  /** An account that may read everything and change nothing. */
  readerUrl: string;
}

/** The server program, or undefined where MariaDB is not installed. */
export function findMariaDb(): string | undefined {
  return ['/usr/sbin/mariadbd', '/usr/local/sbin/mariadbd', '/usr/bin/mariadbd'].find((path) =>
    existsSync(path),
  );
}

/**
 * Starts a private MariaDB on loopback, made on first use. Commits reach the disk
 * (`innodb_flush_log_at_trx_commit = 1`, doublewrite on); there is no binary log.
 *
 * @throws {SetupError} if MariaDB is not installed or does not start.
 */
export async function startMariaDb(options: MariaDbOptions): Promise<PrivateDatabase> {
  const program = findMariaDb();
  if (program === undefined) {
    throw new SetupError(
      'MariaDB is not installed (package mariadb-server-core): install it, or name a server of yours in GLINT_DATABASE_URL',
    );
  }
  const { folder } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const passwords = readPasswords(join(folder, 'passwords.json'));
  const dataFolder = join(folder, 'data');
  // A server that starts deletes the temporary tables that it finds: they must not be those of another.
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary, { recursive: true });
  // A half-made data folder (killed during its first start) is made anew: it holds nothing yet.
  if (!existsSync(join(folder, 'made'))) {
    rmSync(dataFolder, { recursive: true, force: true });
    const args = [
      '--no-defaults',
      `--datadir=${dataFolder}`,
      '--skip-test-db',
      '--auth-root-authentication-method=normal',
      ...(process.getuid?.() === 0 ? ['--user=root'] : []),
    ];
    await run('mariadb-install-db', args, {
      env: { ...process.env, TMPDIR: temporary },
    }).catch((err: unknown) => {
      throw new SetupError('the private MariaDB could not be made', { cause: err });
    });
    writeFileSync(join(folder, 'made'), '');
  }
  const initFile = join(folder, 'accounts.sql');
  writeFileSync(initFile, accountsSql(passwords), { mode: 0o600 });
  const port = await freePort(options.port);
  const bufferPool = options.bufferPoolBytes ?? Math.min(4 * GIB, Math.floor(totalmem() / 8));
  options.signal?.throwIfAborted();
  const server = startServer({
    name: 'MariaDB',
    program,
    logFile: join(folder, 'mariadb.log'),
    args: [
      '--no-defaults',
      `--datadir=${dataFolder}`,
      `--tmpdir=${temporary}`,
      '--socket=mariadb.sock',
      '--pid-file=mariadb.pid',
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      '--skip-name-resolve',
      `--init-file=${initFile}`,
      `--innodb-buffer-pool-size=${bufferPool}`,
      '--innodb-log-file-size=1G',
      '--innodb-flush-log-at-trx-commit=1',
      '--innodb-flush-method=O_DIRECT',
      '--innodb-io-capacity=2000',
      '--innodb-io-capacity-max=4000',
      '--skip-log-bin',
      '--max-allowed-packet=256M',
      '--local-infile=1',
      '--character-set-server=utf8mb4',
      '--max-connections=200',
      '--performance-schema=OFF',
      '--innodb-fast-shutdown=1',
      ...(process.getuid?.() === 0 ? ['--user=root'] : []),
      ...(options.extraArgs ?? []),
    ],
  });
  const url = `mysql://glint:${passwords.glint}@127.0.0.1:${port}`;
  const probe = openDatabase(url, { poolSize: 1, connectTimeoutMs: 1_000 });
  try {
    await waitUntilReady(server, async () => (await probe.arrays('SELECT 1')).length === 1);
  } finally {
    await probe.close();
  }
  return {
    server,
    port,
    url,
    readerUrl: `mysql://glint_reader:${passwords.reader}@127.0.0.1:${port}`,
  };
}

interface Passwords {
  glint: string;
  reader: string;
}

function readPasswords(file: string): Passwords {
  if (!existsSync(file)) {
    const fresh: Passwords = {
      glint: randomBytes(18).toString('hex'),
      reader: randomBytes(18).toString('hex'),
    };
    writeFileSync(file, JSON.stringify(fresh), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Passwords;
}

/** Run by the server at each start: accounts with passwords, and root only through the socket. */
function accountsSql(passwords: Passwords): string {
  return [
    `CREATE USER IF NOT EXISTS 'glint'@'127.0.0.1'`,
    `ALTER USER 'glint'@'127.0.0.1' IDENTIFIED BY '${passwords.glint}'`,
    `GRANT ALL PRIVILEGES ON *.* TO 'glint'@'127.0.0.1' WITH GRANT OPTION`,
    `CREATE USER IF NOT EXISTS 'glint_reader'@'127.0.0.1'`,
    `ALTER USER 'glint_reader'@'127.0.0.1' IDENTIFIED BY '${passwords.reader}'`,
    `GRANT SELECT, PROCESS, SHOW DATABASES ON *.* TO 'glint_reader'@'127.0.0.1'`,
    `DROP USER IF EXISTS 'root'@'127.0.0.1', 'root'@'::1', ''@'localhost'`,
  ]
    .map((statement) => `${statement};\n`)
    .join('');
}
