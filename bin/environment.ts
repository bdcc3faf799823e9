import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

import { parse } from 'dotenv';

import { parseConfig } from '../common/config.ts';
import type { Config } from '../common/config.ts';
import { SetupError } from '../common/errors.ts';
import { projectRoot } from '../common/project-root.ts';

export type Environment = Record<string, string | undefined>;

/**
 * The process's variables over those of the `.env` file in the project's folder. Folders that the
 * file names are relative to it; without GLINT_HOME everything lives in the project's `var`.
 *
 * @throws {SetupError} if there is a `.env` that cannot be read.
 */
export function readEnvironment(file = join(projectRoot, '.env')): Environment {
  const settings = readEnvFile(file);
  const home = settings.GLINT_HOME || 'var';
  settings.GLINT_HOME = isAbsolute(home) ? home : join(projectRoot, home);
  const given = Object.entries(process.env).filter(([, value]) => value !== '');
  return { ...settings, ...Object.fromEntries(given) };
}

/** @throws {SetupError} naming every setting that cannot be used. */
export function readConfig(): Config {
  return parseConfig(readEnvironment());
}

function readEnvFile(file: string): Environment {
  if (!existsSync(file)) return {};
  try {
    return parse(readFileSync(file));
  } catch (err) {
    throw new SetupError(`the settings file ${file} cannot be read`, { cause: err });
  }
}
