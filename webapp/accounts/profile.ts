import { Router } from 'express';
import { z } from 'zod';

import { checkPasswordRules } from '../../common/accounts/password-rules.ts';
import { InvalidInputError } from '../../common/errors.ts';
import { deleteLinksOf } from '../../common/store/accounts/account-links.ts';
import { deleteSession, deleteSessionsOf } from '../../common/store/accounts/sessions.ts';
import { deleteOtherSessions } from '../../common/store/accounts/sessions.ts';
import {
  ProfileSchema,
  selectUser,
  updatePassword,
  updateProfile,
} from '../../common/store/accounts/users.ts';
import { parseInput } from '../parse-input.ts';
import type { Services } from '../services.ts';
import { requireAccount } from './account.ts';
import { addressOf, confirmPassword } from './check-login.ts';
import { field, passwordField } from './form-fields.ts';
import { passwordChangedLetter } from './letters.ts';
import { showProfile, showProfileProblem } from './profile-page.ts';
import { startSession } from './start-session.ts';

const DataForm = z.object({ firstName: field(400), lastName: field(400), affiliation: field(800) });
const PasswordForm = z.object({ password: passwordField, newPassword: passwordField });
const SessionPath = z.object({ sessionId: z.coerce.number().int() });

/** The profile: data, password and sessions. */
export function profileRoutes(services: Services): Router {
  const { context } = services;
  const { db } = context;
  const router = Router();

  router.get('/profile/', async (req, res) => {
    await showProfile(services, res, { done: req.query.done });
  });

  router.post('/profile/data/', async (req, res) => {
    const { userId } = requireAccount(res);
    const typed = parseInput(DataForm, req.body);
    try {
      await updateProfile(db, userId, readProfile(typed));
    } catch (err) {
      await showProfileProblem(services, res, err, 'data', typed);
      return;
    }
    res.redirect(303, '/profile/?done=data');
  });

  router.post('/profile/password/', async (req, res) => {
    const { userId } = requireAccount(res);
    const form = parseInput(PasswordForm, req.body);
    try {
      await changePassword(services, userId, { ...form, address: addressOf(req) });
    } catch (err) {
      await showProfileProblem(services, res, err, 'password');
      return;
    }
    // This browser goes on, under a new id.
    await startSession(context, req, res, userId);
    res.redirect(303, '/profile/?done=password-changed');
  });

  router.post('/profile/sessions/:sessionId/end/', async (req, res) => {
    const { userId } = requireAccount(res);
    const { sessionId } = parseInput(SessionPath, req.params);
    await deleteSession(db, userId, sessionId);
    res.redirect(303, '/profile/?done=session-ended#sessions');
  });

  router.post('/profile/sessions/end-others/', async (_req, res) => {
    const { userId, sessionId } = requireAccount(res);
    await deleteOtherSessions(db, userId, sessionId ?? 0);
    res.redirect(303, '/profile/?done=sessions-ended#sessions');
  });
  return router;
}

function readProfile(typed: z.infer<typeof DataForm>): z.infer<typeof ProfileSchema> {
  const parsed = ProfileSchema.safeParse(typed);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(parsed.error.issues.map((issue) => issue.message).join('; '));
}

async function changePassword(
  services: Services,
  userId: number,
  form: { password: string; newPassword: string; address: string },
): Promise<void> {
  const { context, passwords, mail, background, siteUrl } = services;
  const { db, now } = context;
  const user = await selectUser(db, userId);
  checkPasswordRules(form.newPassword, user);
  await confirmPassword(services, user, form);
  const passwordHash = await passwords.hash(form.newPassword);
  await db.transaction(async (tx) => {
    await updatePassword(tx, userId, passwordHash, now());
    await deleteSessionsOf(tx, userId);
    await deleteLinksOf(tx, userId, ['password', 'email']);
  });
  background.run('the mail about a new password', () =>
    mail.send(passwordChangedLetter(user.email, user.name, `${siteUrl()}/password_reset/`)),
  );
}
