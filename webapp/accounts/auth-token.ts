import { Router } from 'express';
import { z } from 'zod';

import { InvalidInputError, UnauthenticatedError } from '../../common/errors.ts';
import { insertApiToken } from '../../common/store/accounts/api-tokens.ts';
import type { Services } from '../services.ts';
import { API_PREFIXES } from './api-paths.ts';
import { addressOf, checkLogin } from './check-login.ts';

/** What the token is called unless the program says otherwise. */
const DEFAULT_NAME = 'auth-token';

const Body = z.object({
  username: z.string({ error: 'This field is required.' }).min(1, 'This field may not be blank.'),
  password: z
    .string({ error: 'This field is required.' })
    .min(1, 'This field may not be blank.')
    .max(1_000, 'This is too long.'),
  name: z.string().max(64, 'This is too long.').default(DEFAULT_NAME),
});

/**
 * A token for a name and a password, as Lasair's programs ask for one. Tokens are kept hashed, so the
 * answer is always a new one, in place of the one of its name.
 */
export function authTokenRoutes(services: Services): Router {
  const { db, now } = services.context;
  const router = Router();
  const paths = API_PREFIXES.map((prefix) => `${prefix}/auth-token/`);

  router.post(paths, async (req, res) => {
    res.set('Cache-Control', 'no-store');
    const parsed = Body.safeParse(req.body ?? {});
    if (!parsed.success) {
      res.status(400).json(z.flattenError(parsed.error).fieldErrors);
      return;
    }
    const { username: login, password, name } = parsed.data;
    try {
      const { userId } = await checkLogin(services, { login, password, address: addressOf(req) });
      const wanted = { name, scopes: ['read', 'query'] as const, expiresAt: null, replaces: true };
      const token = await db.transaction((tx) => insertApiToken(tx, userId, wanted, now()));
      res.json({ token });
    } catch (err) {
      if (!(err instanceof UnauthenticatedError || err instanceof InvalidInputError)) throw err;
      res.status(400).json({ non_field_errors: [err.message] });
    }
  });

  router.all(paths, (_req, res) => {
    res.status(405).set('Allow', 'POST').json({ detail: 'POST username and password here.' });
  });
  return router;
}
