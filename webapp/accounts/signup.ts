import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';

import { checkPasswordRules } from '../../common/accounts/password-rules.ts';
import { ForbiddenError, InvalidInputError } from '../../common/errors.ts';
import { deleteLink, insertLink } from '../../common/store/accounts/account-links.ts';
import type { WantedAccount } from '../../common/store/accounts/account-links.ts';
import { countMail } from '../../common/store/accounts/attempts.ts';
import {
  Email,
  ProfileSchema,
  UserName,
  selectUserByLogin,
} from '../../common/store/accounts/users.ts';
import { parseInput } from '../parse-input.ts';
import type { Services } from '../services.ts';
import { accountOf } from './account.ts';
import { addressOf } from './check-login.ts';
import { field, passwordField } from './form-fields.ts';
import { formProblem } from './form-problem.ts';
import { knownAddressLetter, signUpLetter } from './letters.ts';
import { linkUrl } from './link-page.ts';

/** Names that would pass for the site itself. */
const RESERVED = new Set(
  'admin administrator anonymous broker glint lasair postmaster robot root security staff support system webmaster'.split(
    ' ',
  ),
);

const SignUpForm = z.object({
  name: field(200),
  firstName: field(400),
  lastName: field(400),
  email: field(400),
  affiliation: field(800),
  password: passwordField,
});
type SignUpForm = z.infer<typeof SignUpForm>;

const SignUp = z.object({ name: UserName, email: Email, ...ProfileSchema.shape });

/** Asking for an account. It is made when the address has been confirmed. */
export function signUpRoutes(services: Services): Router {
  const { mail, context } = services;
  const router = Router();

  router.use('/signup', (_req, _res, next) => {
    if (!context.config.signup) {
      throw new ForbiddenError(
        'Accounts are not given to everybody here. Ask whoever runs this site for one.',
      );
    }
    next();
  });

  router.get('/signup/', (_req, res) => {
    if (accountOf(res) !== undefined) res.redirect(302, '/profile/');
    else show(res, {});
  });

  router.post('/signup/', async (req, res) => {
    const form = parseInput(SignUpForm, req.body);
    try {
      await askForAccount(services, req, form);
    } catch (err) {
      // The page carries no password back.
      show(res, { ...form, password: undefined, problem: formProblem(err, res) });
      return;
    }
    res.redirect(303, '/signup/sent/');
  });

  router.get('/signup/sent/', (_req, res) => {
    res.render('account-message', {
      title: 'Sign up',
      heading: 'One more step',
      paragraphs: [
        mail.isConfigured
          ? 'A mail is on its way to you. Its link makes the account: it works once, for three days.'
          : 'This installation sends no mails: the link that makes the account is in the log of the site.',
        ...(mail.isConfigured
          ? ['No mail after some minutes? Look among the unwanted ones, or sign up again.']
          : []),
      ],
      links: [{ url: '/signup/', label: 'Sign up again' }],
    });
  });
  return router;
}

function show(res: Response, model: Record<string, unknown>): void {
  res.render('signup', { title: 'Sign up', isLogin: true, ...model });
}

/**
 * Sends the link, or tells the owner of an address that has an account already: who asks cannot tell
 * which of them it was.
 */
async function askForAccount(services: Services, req: Request, form: SignUpForm): Promise<void> {
  const { context, passwords } = services;
  const { db, now } = context;
  const { email, name, firstName, lastName, affiliation } = readForm(form);
  checkPasswordRules(form.password, { name, email });
  if ((await selectUserByLogin(db, name)) !== undefined) {
    throw new InvalidInputError(`The name ${name} is taken: choose another.`);
  }
  await countMail(db, { email, address: addressOf(req) }, now());
  const passwordHash = await passwords.hash(form.password);
  const wanted = { name, firstName, lastName, affiliation, passwordHash };
  const owner = await selectUserByLogin(db, email);
  if (owner === undefined) await sendLink(services, email, wanted);
  else {
    const url = `${services.siteUrl()}/password_reset/`;
    await services.mail.send(knownAddressLetter(owner.email, owner.name, url));
  }
}

async function sendLink(services: Services, email: string, wanted: WantedAccount): Promise<void> {
  const { db, now } = services.context;
  const key = await insertLink(db, { purpose: 'signup', userId: null, email, wanted }, now());
  const url = linkUrl(services, '/signup/confirm/', key);
  try {
    await services.mail.send(signUpLetter(email, wanted.name, url));
  } catch (err) {
    await deleteLink(db, key);
    throw err;
  }
}

function readForm(form: SignUpForm): z.infer<typeof SignUp> {
  const parsed = SignUp.safeParse({
    name: form.name,
    email: form.email,
    firstName: form.firstName,
    lastName: form.lastName,
    affiliation: form.affiliation,
  });
  if (!parsed.success) {
    throw new InvalidInputError(parsed.error.issues.map((issue) => issue.message).join('; '));
  }
  if (RESERVED.has(parsed.data.name)) {
    throw new InvalidInputError(`The name ${parsed.data.name} is taken: choose another.`);
  }
  return parsed.data;
}
