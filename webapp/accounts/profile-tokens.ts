import { Router } from 'express';
import { z } from 'zod';

import { InvalidInputError } from '../../common/errors.ts';
import { SCOPES, deleteApiToken, insertApiToken } from '../../common/store/accounts/api-tokens.ts';
import { parseInput } from '../parse-input.ts';
import type { Services } from '../services.ts';
import { requireAccount } from './account.ts';
import { boxes, field } from './form-fields.ts';
import { showProfile, showProfileProblem } from './profile-page.ts';

const TokenForm = z.object({ name: field(400), scopes: boxes, expires: field(40) });
const TokenPath = z.object({ tokenId: z.coerce.number().int() });
const ScopeList = z.array(z.enum(SCOPES));

/** Making and revoking API tokens. */
export function profileTokenRoutes(services: Services): Router {
  const { db, now } = services.context;
  const router = Router();

  router.post('/profile/tokens/', async (req, res) => {
    const { userId } = requireAccount(res);
    const form = parseInput(TokenForm, req.body);
    let token: string;
    try {
      const wanted = {
        name: form.name,
        scopes: readScopes(form.scopes),
        expiresAt: readDay(form.expires),
      };
      token = await db.transaction((tx) => insertApiToken(tx, userId, wanted, now()));
    } catch (err) {
      await showProfileProblem(services, res, err, 'tokens', { tokenName: form.name });
      return;
    }
    // Shown in this answer and nowhere else: not even a redirect may carry it.
    await showProfile(services, res, { newToken: { name: form.name.trim(), token } });
  });

  router.post('/profile/tokens/:tokenId/revoke/', async (req, res) => {
    const { userId } = requireAccount(res);
    const { tokenId } = parseInput(TokenPath, req.params);
    await deleteApiToken(db, userId, tokenId);
    res.redirect(303, '/profile/?done=token-revoked#tokens');
  });
  return router;
}

function readScopes(given: string[]): z.infer<typeof ScopeList> {
  const parsed = ScopeList.safeParse(given);
  if (!parsed.success) throw new InvalidInputError(`a scope is one of ${SCOPES.join(', ')}`);
  return parsed.data;
}

/** The end of a day in UTC; null for an empty field. */
function readDay(text: string): Date | null {
  if (text.trim() === '') return null;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text.trim())
    ? new Date(`${text.trim()}T23:59:59.999Z`)
    : new Date(NaN);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text.trim()) {
    throw new InvalidInputError(
      'write the day on which the token ends as 2027-12-31, or leave it out',
    );
  }
  return day;
}
