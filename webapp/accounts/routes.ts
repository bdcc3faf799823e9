import { Router } from 'express';
import type { RequestHandler } from 'express';

import type { Services } from '../services.ts';
import { authTokenRoutes } from './auth-token.ts';
import { loginRoutes } from './login.ts';
import { oldAddressRoutes } from './old-addresses.ts';
import { passwordResetRoutes } from './password-reset.ts';
import { profileDeleteRoutes } from './profile-delete.ts';
import { profileEmailRoutes } from './profile-email.ts';
import { profileNotebookRoutes } from './profile-notebook.ts';
import { profileTokenRoutes } from './profile-tokens.ts';
import { profileRoutes } from './profile.ts';
import { signUpConfirmRoutes } from './signup-confirm.ts';
import { signUpRoutes } from './signup.ts';
import { userRoutes } from './users.ts';

/** Pages that show what is somebody's own, or ask for a password. */
const PRIVATE_PAGES = [
  '/login',
  '/logout',
  '/signup',
  '/password_reset',
  '/email',
  '/profile',
  '/users',
];

/** Everything about accounts. */
export function accountRoutes(services: Services): Router {
  const router = Router();
  router.use(PRIVATE_PAGES, keepNowhere);
  router.use(loginRoutes(services));
  router.use(signUpRoutes(services));
  router.use(signUpConfirmRoutes(services));
  router.use(passwordResetRoutes(services));
  router.use(profileRoutes(services));
  router.use(profileTokenRoutes(services));
  router.use(profileNotebookRoutes(services));
  router.use(profileEmailRoutes(services));
  router.use(profileDeleteRoutes(services));
  router.use(userRoutes(services));
  router.use(authTokenRoutes(services));
  router.use(oldAddressRoutes());
  return router;
}

/** Neither browsers nor proxies keep these. */
const keepNowhere: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};
