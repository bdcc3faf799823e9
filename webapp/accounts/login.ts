import { Router } from 'express';
import type { Response } from 'express';
import { z } from 'zod';

import { parseInput } from '../parse-input.ts';
import type { Services } from '../services.ts';
import { accountOf } from './account.ts';
import { addressOf, checkLogin } from './check-login.ts';
import { field, passwordField } from './form-fields.ts';
import { formProblem } from './form-problem.ts';
import { nextPath } from './next-path.ts';
import { endSession, startSession } from './start-session.ts';

const LoginForm = z.object({ login: field(300), password: passwordField, next: field(4_000) });

/** Logging in and out. */
export function loginRoutes(services: Services): Router {
  const { context } = services;
  const router = Router();
  const show = (res: Response, model: Record<string, unknown>) => {
    res.render('login', {
      title: 'Log in',
      isLogin: true,
      canSignUp: context.config.signup,
      ...model,
    });
  };

  router.get('/login/', (req, res) => {
    const next = nextPath(req.query.next, '');
    if (accountOf(res) !== undefined) res.redirect(302, next || '/profile/');
    else show(res, { next });
  });

  router.post('/login/', async (req, res) => {
    const { login, password, next } = parseInput(LoginForm, req.body);
    try {
      const user = await checkLogin(services, { login, password, address: addressOf(req) });
      await startSession(context, req, res, user.userId);
    } catch (err) {
      show(res, { login, next: nextPath(next, ''), problem: formProblem(err, res) });
      return;
    }
    res.redirect(303, nextPath(next));
  });

  router.get('/logout/', (_req, res) => {
    if (accountOf(res) === undefined) res.redirect(302, '/');
    else res.render('logout', { title: 'Log out' });
  });

  router.post('/logout/', async (req, res) => {
    await endSession(context, req, res);
    res.redirect(303, '/');
  });
  return router;
}
