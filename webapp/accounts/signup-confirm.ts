import { Router } from 'express';
import type { Response } from 'express';
import { z } from 'zod';

import { InvalidInputError } from '../../common/errors.ts';
import { useLink } from '../../common/store/accounts/account-links.ts';
import type { AccountLink, WantedAccount } from '../../common/store/accounts/account-links.ts';
import { beginLogin } from '../../common/store/accounts/attempts.ts';
import { TakenError, insertUser } from '../../common/store/accounts/users.ts';
import { parseInput } from '../parse-input.ts';
import type { Services } from '../services.ts';
import { addressOf } from './check-login.ts';
import { field, passwordField } from './form-fields.ts';
import { formProblem } from './form-problem.ts';
import { openLink, showDeadLink } from './link-page.ts';
import { startSession } from './start-session.ts';

const ConfirmForm = z.object({ key: field(200), password: passwordField });

/**
 * The link that makes an account. It asks for the password that was chosen: an account that a stranger
 * asked for with somebody's address does not come to be by one careless click, and programs that open
 * every link in a mail confirm nothing.
 */
export function signUpConfirmRoutes(services: Services): Router {
  const { context, passwords } = services;
  const { db, now } = context;
  const router = Router();

  router.get('/signup/confirm/', async (req, res) => {
    const { key } = req.query;
    const link = await openLink(services, res, 'signup', key);
    if (link !== undefined) show(res, link, { key });
  });

  router.post('/signup/confirm/', async (req, res) => {
    const { key, password } = parseInput(ConfirmForm, req.body);
    const link = await openLink(services, res, 'signup', key);
    if (link === undefined) return;
    const wanted = wantedOf(link);
    let userId: number | undefined;
    try {
      const subject = `signup ${wanted.passwordHash}`;
      const attempt = await beginLogin(db, { subject, address: addressOf(req) }, now());
      const { isRight } = await passwords.check(password, wanted.passwordHash);
      if (!isRight) {
        throw new InvalidInputError('That is not the password that was chosen with the account.');
      }
      await attempt.succeeded(now());
      userId = await makeAccount(services, key, link.email, wanted);
    } catch (err) {
      if (err instanceof TakenError) showTaken(res, err, wanted.name);
      else show(res, link, { key, problem: formProblem(err, res) });
      return;
    }
    if (userId === undefined) {
      showDeadLink(res, 'signup', 'used');
      return;
    }
    await startSession(context, req, res, userId);
    res.redirect(303, '/profile/?done=welcome');
  });
  return router;
}

/** @returns undefined if another request used the link at the same moment. */
function makeAccount(
  { context: { db, now } }: Services,
  key: string,
  email: string,
  wanted: WantedAccount,
): Promise<number | undefined> {
  return db.transaction(async (tx) => {
    if (!(await useLink(tx, key, now()))) return undefined;
    return insertUser(tx, { ...wanted, email, role: 'user' }, now());
  });
}

function wantedOf(link: AccountLink): WantedAccount {
  if (link.wanted === null) throw new Error('a link for a new account says nothing of the account');
  return link.wanted;
}

function show(res: Response, link: AccountLink, model: Record<string, unknown>): void {
  res.render('signup-confirm', {
    title: 'Confirm your address',
    isLogin: true,
    email: link.email,
    name: wantedOf(link).name,
    ...model,
  });
}

function showTaken(res: Response, { taken }: TakenError, name: string): void {
  res.status(409).render('account-message', {
    title: 'Sign up',
    heading: taken === 'name' ? 'Somebody was faster' : 'You have an account already',
    paragraphs: [
      taken === 'name'
        ? `The name ${name} was given to somebody else meanwhile. Sign up again with another name.`
        : 'An account with this mail address was made meanwhile. Log in, or set another password.',
    ],
    links:
      taken === 'name'
        ? [{ url: '/signup/', label: 'Sign up' }]
        : [
            { url: '/login/', label: 'Log in' },
            { url: '/password_reset/', label: 'Set another password' },
          ],
  });
}
