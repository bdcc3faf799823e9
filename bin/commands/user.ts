import { Command, Option } from 'commander';

import type { Role } from '../../common/store/users.ts';
import { SCOPES, insertApiToken } from '../../common/store/api-tokens.ts';
import { ROLES, insertUser, selectUsers } from '../../common/store/users.ts';
import { withContext } from '../open-context.ts';

interface AddOptions {
  email: string;
  role: Role;
  token?: boolean;
  json?: boolean;
}

export function userCommand(): Command {
  const user = new Command('user').description('accounts');
  user
    .command('add')
    .argument('<name>', 'login name')
    .description('make an account')
    .requiredOption('--email <address>', 'mail address')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).default('user'))
    .option('--token', 'make an API token too, and print it: it is shown this once')
    .option('--json', 'print the account as JSON')
    .action((name: string, options: AddOptions) => addUser(name, options));
  user
    .command('list')
    .description('list the accounts')
    .option('--json', 'print them as JSON')
    .action((options: { json?: boolean }) => listUsers(options.json === true));
  return user;
}

async function addUser(name: string, { email, role, token, json }: AddOptions): Promise<void> {
  const account = await withContext('user', { servers: 'started' }, ({ db, now }) =>
    db.transaction(async (tx) => {
      const userId = await insertUser(tx, { name, email, role }, now());
      if (!token) return { userId, name, email, role };
      return {
        userId,
        name,
        email,
        role,
        token: await insertApiToken(
          tx,
          userId,
          { name: 'command line', scopes: SCOPES, expiresAt: null },
          now(),
        ),
      };
    }),
  );
  if (json) process.stdout.write(`${JSON.stringify(account)}\n`);
  else {
    process.stdout.write(`${name} has an account (${role}, ${email}).\n`);
    if (account.token) process.stdout.write(`API token, shown this once: ${account.token}\n`);
  }
}

async function listUsers(json: boolean): Promise<void> {
  const users = await withContext('user', { servers: 'started' }, ({ db }) => selectUsers(db));
  if (json) process.stdout.write(`${JSON.stringify(users)}\n`);
  else if (users.length === 0) process.stdout.write('There are no accounts yet.\n');
  for (const { name, role, email } of json ? [] : users) {
    process.stdout.write(`${name.padEnd(24)} ${role.padEnd(6)} ${email}\n`);
  }
}
