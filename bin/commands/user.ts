import { Argument, Command, Option } from 'commander';

import { InvalidInputError } from '../../common/errors.ts';
import { deleteAccount, disableAccount } from '../../common/store/accounts/end-account.ts';
import { SCOPES, insertApiToken } from '../../common/store/accounts/api-tokens.ts';
import { deleteLinksOf } from '../../common/store/accounts/account-links.ts';
import { deleteSessionsOf } from '../../common/store/accounts/sessions.ts';
import {
  ROLES,
  insertUser,
  selectUserByName,
  selectUsers,
  updateDisabled,
  updatePassword,
  updateRole,
} from '../../common/store/accounts/users.ts';
import type { Role } from '../../common/store/accounts/users.ts';
import { withContext } from '../open-context.ts';
import { ask } from '../users/ask.ts';
import { readPassword } from '../users/read-password.ts';
import type { PasswordOptions } from '../users/read-password.ts';
import { addTokenCommand } from '../users/tokens.ts';

interface AddOptions extends PasswordOptions {
  email: string;
  role: Role;
  firstName?: string;
  lastName?: string;
  affiliation?: string;
  token?: boolean;
  json?: boolean;
}

export function userCommand(): Command {
  const user = new Command('user').description('accounts');
  withPasswordOptions(
    user
      .command('add')
      .argument('<name>', 'login name')
      .description('make an account; its password is asked for')
      .requiredOption('--email <address>', 'mail address')
      .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).default('user'))
      .option('--first-name <name>', 'first name')
      .option('--last-name <name>', 'last name')
      .option('--affiliation <name>', 'institute'),
  )
    .option('--token', 'make an API token too, and print it: it is shown this once')
    .option('--json', 'print the account as JSON')
    .action((name: string, options: AddOptions) => addUser(name, options));
  user
    .command('list')
    .description('list the accounts')
    .option('--find <text>', 'only those with this in name or address')
    .option('--json', 'print them as JSON')
    .action((options: { find?: string; json?: boolean }) => listUsers(options));
  user
    .command('role')
    .argument('<name>', 'login name')
    .addArgument(new Argument('<role>', 'what it may do').choices(ROLES))
    .description('change what an account may do')
    .action((name: string, role: Role) => changeRole(name, role));
  user
    .command('disable')
    .argument('<name>', 'login name')
    .description('keep an account from being used: sessions end, tokens are refused')
    .action((name: string) => setDisabled(name, true));
  user
    .command('enable')
    .argument('<name>', 'login name')
    .description('let a disabled account be used again')
    .action((name: string) => setDisabled(name, false));
  withPasswordOptions(
    user
      .command('reset-password')
      .argument('<name>', 'login name')
      .description('set another password, which is asked for; all sessions end'),
  ).action((name: string, options: PasswordOptions) => resetPassword(name, options));
  addTokenCommand(user);
  user
    .command('delete')
    .argument('<name>', 'login name')
    .description('delete an account with all that belongs to it')
    .option('--yes', 'do not ask')
    .action((name: string, options: { yes?: boolean }) => deleteUser(name, options.yes === true));
  return user;
}

function withPasswordOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--generate-password', 'make one up, and print it').conflicts('passwordStdin'),
    )
    .option('--password-stdin', 'read it from standard input');
}

async function addUser(name: string, options: AddOptions): Promise<void> {
  const { email, role, json } = options;
  const password = await readPassword({ name, email }, options);
  const account = await withContext('user', { servers: 'started' }, ({ db, now }) =>
    db.transaction(async (tx) => {
      const wanted = {
        ...{ name, email, role },
        ...{ firstName: options.firstName, lastName: options.lastName },
        affiliation: options.affiliation,
        passwordHash: password?.passwordHash ?? null,
      };
      const userId = await insertUser(tx, wanted, now());
      const made = {
        ...{ userId, name: name.toLowerCase(), email, role },
        ...(password?.generated === undefined ? {} : { password: password.generated }),
      };
      if (!options.token) return made;
      const token = { name: 'command line', scopes: SCOPES, expiresAt: null };
      return { ...made, token: await insertApiToken(tx, userId, token, now()) };
    }),
  );
  if (json) {
    process.stdout.write(`${JSON.stringify(account)}\n`);
    return;
  }
  process.stdout.write(`${account.name} has an account (${role}, ${email}).\n`);
  if (account.password !== undefined) {
    process.stdout.write(`Password, shown this once: ${account.password}\n`);
  } else if (password === undefined) {
    process.stdout.write(
      `It has no password yet: bin/glint user reset-password ${account.name} sets one, or "Password forgotten" on the site.\n`,
    );
  }
  if ('token' in account) {
    process.stdout.write(`API token, shown this once: ${account.token}\n`);
  }
}

async function listUsers({ find, json }: { find?: string; json?: boolean }): Promise<void> {
  const users = await withContext('user', { servers: 'started' }, ({ db }) =>
    selectUsers(db, { find }),
  );
  if (json) process.stdout.write(`${JSON.stringify(users)}\n`);
  else if (users.length === 0) process.stdout.write('There are no accounts yet.\n');
  for (const { name, role, email, disabledAt } of json ? [] : users) {
    const state = disabledAt === null ? '' : '  disabled';
    process.stdout.write(`${name.padEnd(24)} ${role.padEnd(6)} ${email}${state}\n`);
  }
}

async function changeRole(name: string, role: Role): Promise<void> {
  await withContext('user', { servers: 'started' }, async ({ db }) => {
    await updateRole(db, (await selectUserByName(db, name)).userId, role);
  });
  process.stdout.write(`${name} is ${role} now.\n`);
}

async function setDisabled(name: string, isDisabled: boolean): Promise<void> {
  await withContext('user', { servers: 'started' }, async ({ db, now }) => {
    const { userId } = await selectUserByName(db, name);
    if (isDisabled) await disableAccount(db, userId, now());
    else await updateDisabled(db, userId, null);
  });
  process.stdout.write(`${name} is ${isDisabled ? 'disabled' : 'enabled'}.\n`);
}

async function resetPassword(name: string, options: PasswordOptions): Promise<void> {
  const password = await withContext('user', { servers: 'started' }, async ({ db, now }) => {
    const user = await selectUserByName(db, name);
    const chosen = await readPassword(user, options);
    if (chosen === undefined) {
      throw new InvalidInputError(
        'no password was given: type one at a terminal, or use --generate-password or --password-stdin',
      );
    }
    await db.transaction(async (tx) => {
      await updatePassword(tx, user.userId, chosen.passwordHash, now());
      await deleteSessionsOf(tx, user.userId);
      await deleteLinksOf(tx, user.userId, ['password', 'email']);
    });
    return chosen;
  });
  process.stdout.write(`${name} has another password, and all sessions have ended.\n`);
  if (password.generated !== undefined) {
    process.stdout.write(`Password, shown this once: ${password.generated}\n`);
  }
}

async function deleteUser(name: string, isSure: boolean): Promise<void> {
  await withContext('user', { servers: 'started' }, async ({ db, now }) => {
    const user = await selectUserByName(db, name);
    if (!isSure && !(process.stdin.isTTY && (await confirms(user.name)))) {
      throw new InvalidInputError(
        `nothing was deleted: write ${user.name} when asked, or give --yes`,
      );
    }
    await deleteAccount(db, user.userId, now());
  });
  process.stdout.write(`${name} and all that belonged to it are deleted.\n`);
}

async function confirms(name: string): Promise<boolean> {
  return (
    (await ask(`This deletes ${name} and all that belongs to it. Write ${name} to go on: `)) ===
    name
  );
}
