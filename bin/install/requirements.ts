import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { SetupError, describeError } from '../../common/errors.ts';
import { findMariaDb } from '../servers/mariadb.ts';
import type { AptRequest } from './apt.ts';
import { findProgram, installPackages } from './apt.ts';
import { findKafkaLibs, projectKafkaLibs, resolveKafkaJars } from './kafka-jars.ts';
import { findPython, makePythonEnvironment } from './python.ts';

const run = promisify(execFile);
const MIN_JAVA = 17;

/** Says one line to the person who waits. */
export type Say = (line: string) => void;

const MARIADB: AptRequest = {
  what: 'MariaDB',
  packages: [
    ['mariadb-server-core', 'mariadb-server-core-10.6'],
    ['mariadb-client-core', 'mariadb-client-core-10.6'],
  ],
};
const JAVA: AptRequest = {
  what: 'Java 17',
  packages: [['openjdk-17-jre-headless', 'openjdk-21-jre-headless'], ['ca-certificates']],
};
const MAVEN: AptRequest = { what: 'Maven', packages: [['maven']] };
const CHROMIUM: AptRequest = {
  what: 'Chromium',
  packages: [['chromium', 'chromium-browser']],
};
const KCAT: AptRequest = { what: 'kcat', packages: [['kcat', 'kafkacat']] };
const PYTHON: AptRequest = { what: 'Python', packages: [['python3'], ['python3-venv']] };

/**
 * Installs MariaDB where it is missing.
 *
 * @throws {SetupError} naming what is missing, how to get it, and the setting that does without.
 */
export async function requireMariaDb(say: Say): Promise<void> {
  if (findMariaDb() !== undefined) return;
  await installPackages(MARIADB, say).catch((err: unknown) => {
    throw new SetupError(
      `${describeError(err)}. Or name a MySQL or MariaDB of yours in GLINT_DATABASE_URL`,
    );
  });
}

/**
 * Installs Java, Maven and Kafka's jars where they are missing.
 *
 * @param home - The jars go below it, unless the checkout has them.
 * @returns The folder of the jars.
 * @throws {SetupError} naming what is missing and how to get it.
 */
export async function requireKafka(home: string, say: Say): Promise<string> {
  if (!(await hasJava())) await installPackages(JAVA, say);
  const own = join(home, 'kafka-libs');
  const found = findKafkaLibs([own, projectKafkaLibs]);
  if (found !== undefined) return found;
  if (findProgram('mvn') === undefined) await installPackages(MAVEN, say);
  say('fetching Apache Kafka with Maven (43 MB)');
  await resolveKafkaJars(own);
  return own;
}

/** Installs what the tests use beside the servers; a test without it skips and says so. */
export async function requireTestPrograms(say: Say): Promise<void> {
  const missing = [
    ...((findProgram('chromium') ?? findProgram('chromium-browser')) ? [] : [CHROMIUM]),
    ...((findProgram('kcat') ?? findProgram('kafkacat')) ? [] : [KCAT]),
  ];
  for (const request of missing) {
    await installPackages(request, say).catch((err: unknown) => {
      say(`${describeError(err)}; the tests that need it are skipped`);
    });
  }
}

/**
 * Installs Python and the packages of the notebooks where they are missing, in an environment of the
 * checkout's own.
 *
 * @returns Its interpreter.
 * @throws {SetupError} naming what is missing and how to get it.
 */
export async function requirePython(say: Say): Promise<string> {
  const found = findPython();
  if (found !== undefined) return found;
  if (!(await hasVenv())) await installPackages(PYTHON, say);
  say('fetching the Python packages of the notebooks (120 MB)');
  return makePythonEnvironment('python3');
}

/** Debian keeps a part of venv in a package of its own: without it only the import succeeds. */
async function hasVenv(): Promise<boolean> {
  if (findProgram('python3') === undefined) return false;
  try {
    await run('python3', ['-c', 'import venv, ensurepip']);
    return true;
  } catch {
    // Without it there is nothing to install with: as good as no Python.
    return false;
  }
}

async function hasJava(): Promise<boolean> {
  if (findProgram('java') === undefined) return false;
  try {
    const { stderr } = await run('java', ['-version']);
    const major = Number(/version "(?:1\.)?(\d+)/.exec(stderr)?.[1]);
    return major >= MIN_JAVA;
  } catch {
    // A java that cannot even say its version is as good as none.
    return false;
  }
}
