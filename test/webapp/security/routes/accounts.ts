import { api, everybody, open, page, sent } from '../access.ts';
import type { Case } from '../access.ts';

const WRONG_PASSWORD = { password: 'not the password' };

export const ACCOUNT_ROUTES: Record<string, Case[]> = {
  'get /login/': [{ at: '/login/', access: page(200, 302) }],
  'post /login/': [sent('/login/', { login: 'nobody', ...WRONG_PASSWORD }, page(401, 401))],
  'get /logout/': [{ at: '/logout/', access: page(302, 200) }],
  'post /logout/': [sent('/logout/', {}, page(303, 303))],
  'get /signup/': [{ at: '/signup/', access: page(200, 302) }],
  'post /signup/': [sent('/signup/', { name: '', email: '' }, page(400, 400))],
  'get /signup/sent/': [open('/signup/sent/')],
  'get /signup/confirm/': [open('/signup/confirm/?key=x', 404)],
  'post /signup/confirm/': [sent('/signup/confirm/', { key: 'x' }, page(404, 404))],
  'get /password_reset/': [open('/password_reset/')],
  'post /password_reset/': [sent('/password_reset/', { email: 'x' }, page(400, 400))],
  'get /password_reset/sent/': [open('/password_reset/sent/')],
  'get /password_reset/confirm/': [open('/password_reset/confirm/?key=x', 404)],
  'post /password_reset/confirm/': [sent('/password_reset/confirm/', { key: 'x' }, page(404, 404))],
  'get /email/confirm/': [open('/email/confirm/?key=x', 404)],
  'post /email/confirm/': [sent('/email/confirm/', { key: 'x' }, page(404, 404))],
  'get /account_deleted/': [open('/account_deleted/')],
  'get /profile/': [{ at: '/profile/', access: page('login', 200) }],
  'post /profile/data/': [sent('/profile/data/', { firstName: 'V' }, page(401, 303))],
  'post /profile/password/': [
    sent('/profile/password/', { ...WRONG_PASSWORD, newPassword: 'x' }, page(401, 400)),
  ],
  'post /profile/email/': [
    sent('/profile/email/', { ...WRONG_PASSWORD, email: 'v@example.net' }, page(401, 400)),
  ],
  'post /profile/sessions/:sessionId/end/': [
    sent('/profile/sessions/{session}/end/', {}, page(401, 303)),
  ],
  'post /profile/sessions/end-others/': [sent('/profile/sessions/end-others/', {}, page(401, 303))],
  'post /profile/tokens/': [
    sent('/profile/tokens/', { name: 'new', scopes: 'read' }, page(401, 200)),
  ],
  'post /profile/tokens/:tokenId/revoke/': [
    sent('/profile/tokens/{token}/revoke/', {}, page(401, 303)),
  ],
  'post /profile/notebook/': [sent('/profile/notebook/', {}, page(401, 200))],
  'post /profile/notebook/revoke/': [sent('/profile/notebook/revoke/', {}, page(401, 303))],
  'get /profile/delete/': [{ at: '/profile/delete/', access: page('login', 200) }],
  'post /profile/delete/': [
    sent('/profile/delete/', { name: 'x', ...WRONG_PASSWORD }, page(401, 400)),
  ],
  'get /users/': [{ at: '/users/', access: page('login', 403, 403, 200) }],
  'post /users/:userId/': [
    sent('/users/{user}/', { change: 'role', role: 'staff' }, page(401, 403, 403, 303)),
  ],
  'post /api/auth-token/,/ztf/api/auth-token/,/lsst/api/auth-token/': [
    sent('/api/auth-token/', { username: 'nobody', ...WRONG_PASSWORD }, api(400)),
    sent('/lsst/api/auth-token/', { username: 'nobody', ...WRONG_PASSWORD }, api(400)),
  ],
  '_all /api/auth-token/,/ztf/api/auth-token/,/lsst/api/auth-token/': [
    everybody('/ztf/api/auth-token/', 405),
  ],
  ...Object.fromEntries(
    [
      ...['/register/', '/activate/', '/password_change/', '/accounts/', '/accounts/login/'],
      ...['/accounts/logout/', '/accounts/signup/', '/accounts/profile/'],
      ...['/accounts/password_change/', '/accounts/password_change/done/'],
      ...['/accounts/password_reset/', '/accounts/password_reset/done/'],
    ].map((path) => [`get ${path}`, [open(path, 301)]]),
  ),
};
