import { Router } from 'express';
import type { Response } from 'express';
import { z } from 'zod';

import { InvalidInputError } from '../../common/errors.ts';
import { deleteAccount } from '../../common/store/accounts/end-account.ts';
import { countOtherStaff, selectUser } from '../../common/store/accounts/users.ts';
import type { User } from '../../common/store/accounts/users.ts';
import { parseInput } from '../parse-input.ts';
import type { Services } from '../services.ts';
import { requireAccount } from './account.ts';
import { addressOf, confirmPassword } from './check-login.ts';
import { field, passwordField } from './form-fields.ts';
import { formProblem } from './form-problem.ts';
import { accountDeletedLetter } from './letters.ts';
import { endSession } from './start-session.ts';

const DeleteForm = z.object({ password: passwordField, name: field(200) });

/** Deleting one's own account. */
export function profileDeleteRoutes(services: Services): Router {
  const { context, mail, background } = services;
  const { db, now } = context;
  const router = Router();
  const show = (res: Response, user: User, problem?: string) => {
    res.render('profile-delete', { title: 'Delete the account', isProfile: true, user, problem });
  };

  router.get('/profile/delete/', async (_req, res) => {
    show(res, await selectUser(db, requireAccount(res).userId));
  });

  router.post('/profile/delete/', async (req, res) => {
    const user = await selectUser(db, requireAccount(res).userId);
    const { password, name } = parseInput(DeleteForm, req.body);
    try {
      if (name.trim().toLowerCase() !== user.name) {
        throw new InvalidInputError(`Write ${user.name}, the name of the account, to confirm.`);
      }
      await confirmPassword(services, user, { password, address: addressOf(req) });
      if (user.role === 'staff' && (await countOtherStaff(db, user.userId)) === 0) {
        throw new InvalidInputError(
          'This is the only account of staff: make another one staff before you delete it.',
        );
      }
      await deleteAccount(db, user.userId, now());
    } catch (err) {
      show(res, user, formProblem(err, res));
      return;
    }
    await endSession(context, req, res);
    background.run('the mail about a deleted account', () =>
      mail.send(accountDeletedLetter(user.email, user.name)),
    );
    res.redirect(303, '/account_deleted/');
  });

  router.get('/account_deleted/', (_req, res) => {
    res.render('account-message', {
      title: 'Account deleted',
      heading: 'Your account is deleted',
      paragraphs: ['Everything that belonged to it is gone. The sky is still here.'],
      links: [{ url: '/', label: 'Front page' }],
    });
  });
  return router;
}
