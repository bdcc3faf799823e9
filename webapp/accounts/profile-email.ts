import { Router } from 'express';
import { z } from 'zod';

import { InvalidInputError } from '../../common/errors.ts';
import {
  deleteLink,
  deleteLinksOf,
  insertLink,
  useLink,
} from '../../common/store/accounts/account-links.ts';
import { countMail } from '../../common/store/accounts/attempts.ts';
import {
  Email,
  TakenError,
  selectUser,
  selectUserByLogin,
  updateEmail,
} from '../../common/store/accounts/users.ts';
import type { User } from '../../common/store/accounts/users.ts';
import { parseInput } from '../parse-input.ts';
import type { Services } from '../services.ts';
import { accountOf, requireAccount } from './account.ts';
import { addressOf, confirmPassword } from './check-login.ts';
import { field, passwordField } from './form-fields.ts';
import {
  emailAskedLetter,
  emailChangedLetter,
  knownAddressLetter,
  newEmailLetter,
} from './letters.ts';
import { linkUrl, openLink, showDeadLink } from './link-page.ts';
import { showProfileProblem } from './profile-page.ts';

const EmailForm = z.object({ email: field(400), password: passwordField });
const ConfirmForm = z.object({ key: field(200) });

/** Another mail address: the new one is confirmed, the old one is told. */
export function profileEmailRoutes(services: Services): Router {
  const { context, mail } = services;
  const { db } = context;
  const router = Router();

  router.post('/profile/email/', async (req, res) => {
    const { userId } = requireAccount(res);
    const form = parseInput(EmailForm, req.body);
    try {
      const user = await selectUser(db, userId);
      await askForEmail(services, user, { ...form, address: addressOf(req) });
    } catch (err) {
      await showProfileProblem(services, res, err, 'email', { email: form.email });
      return;
    }
    res.redirect(303, `/profile/?done=${mail.isConfigured ? 'email-asked' : 'email-logged'}#email`);
  });

  router.get('/email/confirm/', async (req, res) => {
    const { key } = req.query;
    const link = await openLink(services, res, 'email', key);
    if (typeof link?.userId !== 'number') return;
    const { name } = await selectUser(db, link.userId);
    const title = 'Confirm your new address';
    res.render('email-confirm', { title, isLogin: true, key, name, email: link.email });
  });

  router.post('/email/confirm/', async (req, res) => {
    const { key } = parseInput(ConfirmForm, req.body);
    const link = await openLink(services, res, 'email', key);
    if (typeof link?.userId !== 'number') return;
    const user = await selectUser(db, link.userId);
    try {
      if (!(await changeEmail(services, user, key, link.email))) {
        showDeadLink(res, 'email', 'used');
        return;
      }
    } catch (err) {
      if (!(err instanceof TakenError)) throw err;
      res.status(409).render('account-message', {
        title: 'Mail address',
        heading: 'This address has an account',
        paragraphs: ['Another account has this mail address. Yours keeps the one it has.'],
        links: [{ url: '/profile/', label: 'To your profile' }],
      });
      return;
    }
    const isOwner = accountOf(res)?.userId === user.userId;
    res.redirect(303, isOwner ? '/profile/?done=email-changed' : '/login/?next=%2Fprofile%2F');
  });
  return router;
}

async function askForEmail(
  services: Services,
  user: User,
  form: { email: string; password: string; address: string },
): Promise<void> {
  const { context, mail, background, siteUrl } = services;
  const { db, now } = context;
  const parsed = Email.safeParse(form.email);
  if (!parsed.success) throw new InvalidInputError('That is not a mail address.');
  const email = parsed.data;
  await confirmPassword(services, user, form);
  await countMail(db, { email, address: form.address }, now());
  const owner = await selectUserByLogin(db, email);
  if (owner !== undefined && owner.userId !== user.userId) {
    const url = `${siteUrl()}/password_reset/`;
    await mail.send(knownAddressLetter(owner.email, owner.name, url));
  } else {
    await deleteLinksOf(db, user.userId, ['email']);
    const link = { purpose: 'email', userId: user.userId, email } as const;
    const key = await insertLink(db, link, now());
    try {
      const url = linkUrl(services, '/email/confirm/', key);
      await mail.send(newEmailLetter(email, user.name, url));
    } catch (err) {
      await deleteLink(db, key);
      throw err;
    }
  }
  background.run('the mail to the old address', () => {
    const url = `${siteUrl()}/password_reset/`;
    return mail.send(emailAskedLetter(user.email, user.name, email, url));
  });
}

/** @returns Whether the link was still good. @throws {TakenError} if another account has the address. */
async function changeEmail(
  { context, mail, background }: Services,
  user: User,
  key: string,
  email: string,
): Promise<boolean> {
  const { db, now } = context;
  const isDone = await db.transaction(async (tx) => {
    if (!(await useLink(tx, key, now()))) return false;
    await updateEmail(tx, user.userId, email);
    // Those went to the old address.
    await deleteLinksOf(tx, user.userId, ['password', 'email']);
    return true;
  });
  if (isDone && user.email !== email) {
    background.run('the mail to the old address', () =>
      mail.send(emailChangedLetter(user.email, user.name, email)),
    );
  }
  return isDone;
}
