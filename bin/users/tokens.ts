import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';

import { NotFoundError } from '../../common/errors.ts';
import {
  SCOPES,
  deleteApiToken,
  insertApiToken,
  selectApiTokens,
} from '../../common/store/accounts/api-tokens.ts';
import type { Scope } from '../../common/store/accounts/api-tokens.ts';
import { selectUserByName } from '../../common/store/accounts/users.ts';
import { withContext } from '../open-context.ts';

interface TokenOptions {
  name: string;
  scopes: Scope[];
  expires: Date | null;
  list?: boolean;
  revoke?: string;
  json?: boolean;
}

export function addTokenCommand(user: Command): void {
  user
    .command('token')
    .argument('<name>', 'login name')
    .description('make an API token, and print it: it is shown this once')
    .option('--name <name>', 'what to call it', 'command line')
    .addOption(
      new Option('--scopes <list>', `what it may do: ${SCOPES.join(', ')}`)
        .default([...SCOPES], 'all')
        .argParser(readScopes),
    )
    .addOption(
      new Option('--expires <day>', 'its last day, as 2027-12-31').default(null).argParser(readDay),
    )
    .option('--list', 'list the tokens instead')
    .option('--revoke <name>', 'end the token of that name instead')
    .option('--json', 'print JSON')
    .action((name: string, options: TokenOptions) => {
      if (options.list) return listTokens(name, options.json === true);
      if (options.revoke !== undefined) return revokeToken(name, options.revoke);
      return makeToken(name, options);
    });
}

async function makeToken(name: string, { name: called, scopes, expires, json }: TokenOptions) {
  const token = await withContext('user', { servers: 'started' }, async ({ db, now }) => {
    const { userId } = await selectUserByName(db, name);
    const wanted = { name: called, scopes, expiresAt: expires };
    return db.transaction((tx) => insertApiToken(tx, userId, wanted, now()));
  });
  if (json) process.stdout.write(`${JSON.stringify({ name: called, scopes, expires, token })}\n`);
  else process.stdout.write(`API token, shown this once: ${token}\n`);
}

async function listTokens(name: string, json: boolean): Promise<void> {
  const tokens = await withContext('user', { servers: 'started' }, async ({ db }) =>
    selectApiTokens(db, (await selectUserByName(db, name)).userId),
  );
  if (json) process.stdout.write(`${JSON.stringify(tokens)}\n`);
  else if (tokens.length === 0) process.stdout.write(`${name} has no tokens.\n`);
  for (const token of json ? [] : tokens) {
    const ends = token.expiresAt?.toISOString().slice(0, 10) ?? 'never';
    const used = token.lastUsedAt?.toISOString().slice(0, 16).replace('T', ' ') ?? 'never';
    const may = token.scopes.join(',');
    process.stdout.write(`${token.name.padEnd(24)} ${may.padEnd(26)} ends ${ends}, used ${used}\n`);
  }
}

async function revokeToken(name: string, called: string): Promise<void> {
  await withContext('user', { servers: 'started' }, async ({ db }) => {
    const { userId } = await selectUserByName(db, name);
    const token = (await selectApiTokens(db, userId)).find((each) => each.name === called);
    if (token === undefined) throw new NotFoundError(`${name} has no token ${called}`);
    await deleteApiToken(db, userId, token.tokenId);
  });
  process.stdout.write(`The token ${called} of ${name} is revoked.\n`);
}

function readScopes(list: string): Scope[] {
  return list.split(',').map((word) => {
    const scope = SCOPES.find((each) => each === word.trim());
    if (scope === undefined) throw new InvalidArgumentError(`scopes are ${SCOPES.join(', ')}`);
    return scope;
  });
}

function readDay(day: string): Date {
  const end = new Date(`${day}T23:59:59.999Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(end.getTime())) {
    throw new InvalidArgumentError('write the day as 2027-12-31');
  }
  return end;
}
