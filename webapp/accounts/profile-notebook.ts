import { Router } from 'express';
import type { Response } from 'express';

import { SetupError, describeError } from '../../common/errors.ts';
import {
  issueNotebookAccount,
  revokeNotebookAccount,
} from '../../common/store/accounts/notebook-accounts.ts';
import type { Services } from '../services.ts';
import { requireAccount } from './account.ts';
import { showProfile, showProfileProblem } from './profile-page.ts';

/** The personal account of the database, for notebooks. */
export function profileNotebookRoutes(services: Services): Router {
  const { db, now, config, log } = services.context;
  const router = Router();

  router.post('/profile/notebook/', async (_req, res) => {
    const { userId } = requireAccount(res);
    let newPassword: string;
    try {
      const limits = { timeoutMs: config.notebookTimeoutMs, now: now() };
      ({ password: newPassword } = await issueNotebookAccount(db, userId, limits));
    } catch (err) {
      if (err instanceof SetupError) {
        // What has to be run is for whoever runs the site.
        log.error(`a notebook account could not be made: ${describeError(err)}`);
        await showUnavailable(services, res);
      } else await showProfileProblem(services, res, err, 'notebook');
      return;
    }
    // Shown in this answer and nowhere else.
    await showProfile(services, res, { notebookPassword: newPassword });
  });

  router.post('/profile/notebook/revoke/', async (_req, res) => {
    const { userId } = requireAccount(res);
    await revokeNotebookAccount(db, userId, now());
    res.redirect(303, '/profile/?done=notebook-revoked#notebook');
  });
  return router;
}

async function showUnavailable(services: Services, res: Response): Promise<void> {
  const message =
    'The database does not let this site make accounts. Whoever runs the site finds in its log what is missing.';
  res.status(503);
  await showProfile(services, res, { problem: { part: 'notebook', message } });
}
