import { Router } from 'express';
import type { Response } from 'express';
import { z } from 'zod';

import { checkPasswordRules } from '../../common/accounts/password-rules.ts';
import { InvalidInputError } from '../../common/errors.ts';
import { deleteLinksOf, insertLink, useLink } from '../../common/store/accounts/account-links.ts';
import type { AccountLink } from '../../common/store/accounts/account-links.ts';
import { countMail } from '../../common/store/accounts/attempts.ts';
import { deleteSessionsOf } from '../../common/store/accounts/sessions.ts';
import {
  Email,
  selectUser,
  selectUserByLogin,
  updatePassword,
} from '../../common/store/accounts/users.ts';
import type { User } from '../../common/store/accounts/users.ts';
import { parseInput } from '../parse-input.ts';
import type { Services } from '../services.ts';
import { addressOf } from './check-login.ts';
import { field, passwordField } from './form-fields.ts';
import { formProblem } from './form-problem.ts';
import { passwordChangedLetter, passwordLetter } from './letters.ts';
import { linkUrl, openLink, showDeadLink } from './link-page.ts';
import { startSession } from './start-session.ts';

const ResetForm = z.object({ email: field(400) });
const ConfirmForm = z.object({ key: field(200), password: passwordField });

/** Setting a password without knowing the old one, by a link sent by mail. */
export function passwordResetRoutes(services: Services): Router {
  const { context, mail } = services;
  const router = Router();
  const show = (res: Response, model: Record<string, unknown>) => {
    res.render('password-reset', { title: 'Password forgotten', isLogin: true, ...model });
  };

  router.get('/password_reset/', (_req, res) => show(res, {}));

  router.post('/password_reset/', async (req, res) => {
    const { email } = parseInput(ResetForm, req.body);
    try {
      await askForLink(services, email, addressOf(req));
    } catch (err) {
      show(res, { email, problem: formProblem(err, res) });
      return;
    }
    res.redirect(303, '/password_reset/sent/');
  });

  router.get('/password_reset/sent/', (_req, res) => {
    res.render('account-message', {
      title: 'Password forgotten',
      heading: 'If there is such an account',
      paragraphs: [
        mail.isConfigured
          ? 'If an account has this mail address, a mail is on its way to it. Its link sets another password: it works once, for two hours.'
          : 'This installation sends no mails: if an account has this mail address, the link is in the log of the site.',
      ],
      links: [
        { url: '/password_reset/', label: 'Send it again' },
        { url: '/login/', label: 'Log in' },
      ],
    });
  });

  router.get('/password_reset/confirm/', async (req, res) => {
    const { key } = req.query;
    const link = await openLink(services, res, 'password', key);
    if (link !== undefined) showConfirm(res, await ownerOf(services, link), { key });
  });

  router.post('/password_reset/confirm/', async (req, res) => {
    const { key, password } = parseInput(ConfirmForm, req.body);
    const link = await openLink(services, res, 'password', key);
    if (link === undefined) return;
    const user = await ownerOf(services, link);
    let isDone: boolean;
    try {
      isDone = await setPassword(services, user, { key, password });
    } catch (err) {
      showConfirm(res, user, { key, problem: formProblem(err, res) });
      return;
    }
    if (!isDone) {
      showDeadLink(res, 'password', 'used');
      return;
    }
    await startSession(context, req, res, user.userId);
    res.redirect(303, '/profile/?done=password-set');
  });
  return router;
}

function showConfirm(res: Response, user: User, model: Record<string, unknown>): void {
  res.render('password-set', {
    title: 'Set another password',
    isLogin: true,
    name: user.name,
    ...model,
  });
}

/**
 * Sends a link where there is such an account. Whether there is, neither answer nor time tell: the
 * mail server is asked in any case, and the rest is done after the answer.
 */
async function askForLink(services: Services, typed: string, address: string): Promise<void> {
  const { context, mail, background } = services;
  const { db, now } = context;
  const email = Email.safeParse(typed);
  if (!email.success) throw new InvalidInputError('That is not a mail address.');
  await countMail(db, { email: email.data, address }, now());
  await mail.check();
  background.run('the mail for another password', async () => {
    const user = await selectUserByLogin(db, email.data);
    if (user === undefined || user.disabledAt !== null) return;
    const link = { purpose: 'password', userId: user.userId, email: user.email } as const;
    const key = await insertLink(db, link, now());
    // To the address that is kept, not to the one that was typed: databases find some letters equal.
    const url = linkUrl(services, '/password_reset/confirm/', key);
    await mail.send(passwordLetter(user.email, user.name, url));
  });
}

/** @returns Whether the link was still good. */
async function setPassword(
  { context, passwords, mail, background, siteUrl }: Services,
  user: User,
  { key, password }: { key: string; password: string },
): Promise<boolean> {
  const { db, now } = context;
  checkPasswordRules(password, user);
  const passwordHash = await passwords.hash(password);
  const isDone = await db.transaction(async (tx) => {
    if (!(await useLink(tx, key, now()))) return false;
    await updatePassword(tx, user.userId, passwordHash, now());
    await deleteSessionsOf(tx, user.userId);
    await deleteLinksOf(tx, user.userId, ['password', 'email']);
    return true;
  });
  if (isDone) {
    background.run('the mail about a new password', () =>
      mail.send(passwordChangedLetter(user.email, user.name, `${siteUrl()}/password_reset/`)),
    );
  }
  return isDone;
}

function ownerOf({ context }: Services, link: AccountLink): Promise<User> {
  if (link.userId === null) throw new Error('a link for a password belongs to nobody');
  return selectUser(context.db, link.userId);
}
