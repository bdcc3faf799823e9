import { Router } from 'express';

/** Where pages of accounts were in Lasair, and what people try. */
const MOVED: Record<string, string> = {
  '/register/': '/signup/',
  '/activate/': '/login/',
  '/password_change/': '/profile/#password',
  '/accounts/': '/profile/',
  '/accounts/login/': '/login/',
  '/accounts/logout/': '/logout/',
  '/accounts/signup/': '/signup/',
  '/accounts/profile/': '/profile/',
  '/accounts/password_change/': '/profile/#password',
  '/accounts/password_change/done/': '/profile/',
  '/accounts/password_reset/': '/password_reset/',
  '/accounts/password_reset/done/': '/password_reset/sent/',
};

/** Old addresses lead on, with what they were asked (`?next=`). */
export function oldAddressRoutes(): Router {
  const router = Router();
  for (const [from, to] of Object.entries(MOVED)) {
    router.get(from, (req, res) => {
      const at = req.url.indexOf('?');
      const [path, hash] = to.split('#');
      const query = at < 0 ? '' : req.url.slice(at);
      res.redirect(301, `${path}${query}${hash === undefined ? '' : `#${hash}`}`);
    });
  }
  return router;
}
