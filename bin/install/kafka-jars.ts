import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { SetupError } from '../../common/errors.ts';
import { projectRoot } from '../../common/project-root.ts';

const run = promisify(execFile);
const POM = join(projectRoot, 'bin', 'kafka', 'pom.xml');
const MAX_OUTPUT_BYTES = 16 << 20;

/** The checkout's own folder of jars: any home may use it. */
export const projectKafkaLibs = join(projectRoot, 'var', 'kafka-libs');

/** The first of these folders that holds Kafka's jars in the version of the pom. */
export function findKafkaLibs(folders: string[]): string | undefined {
  const jar = mainJar();
  return folders.find((folder) => existsSync(join(folder, jar)));
}

/**
 * Resolves Kafka's jars with Maven into `folder`, which is there only when it is complete.
 *
 * @throws {SetupError} if Maven fails.
 */
export async function resolveKafkaJars(folder: string): Promise<void> {
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(dirname(folder), { recursive: true });
  try {
    await run(
      'mvn',
      ['-q', '-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${fresh}`],
      { maxBuffer: MAX_OUTPUT_BYTES },
    );
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } catch (err) {
    rmSync(fresh, { recursive: true, force: true });
    throw new SetupError(`Maven could not fetch the jars of Kafka: ${firstError(err)}`, {
      cause: err,
    });
  }
}

function mainJar(): string {
  const pom = readFileSync(POM, 'utf8');
  const [, artifact, version] =
    /<artifactId>(kafka_[\d.]+)<\/artifactId>\s*<version>([^<]+)<\/version>/.exec(pom) ?? [];
  return `${artifact}-${version}.jar`;
}

function firstError(err: unknown): string {
  const { stdout, message } = err as { stdout?: string; message: string };
  const lines = (stdout || message).split('\n');
  return (lines.find((line) => line.includes('ERROR')) ?? lines[0]).replace('[ERROR] ', '').trim();
}
