import type { Response } from 'express';

import { SHORTEST_PASSWORD } from '../../common/accounts/password-rules.ts';
import { SCOPES, selectApiTokens } from '../../common/store/accounts/api-tokens.ts';
import type { ApiToken, Scope } from '../../common/store/accounts/api-tokens.ts';
import {
  notebookUser,
  selectNotebookAccount,
} from '../../common/store/accounts/notebook-accounts.ts';
import { selectSessions } from '../../common/store/accounts/sessions.ts';
import { selectUser } from '../../common/store/accounts/users.ts';
import type { Services } from '../services.ts';
import { requireAccount } from './account.ts';
import { describeAgent } from './describe-agent.ts';
import { formProblem } from './form-problem.ts';
import { notebookAddress } from './notebook-address.ts';

/** The parts of the page, each with a form of its own. */
export type ProfilePart = 'data' | 'password' | 'email' | 'tokens' | 'notebook';

export const SCOPE_MEANINGS: Record<Scope, string> = {
  read: 'read objects and light curves',
  query: 'run SQL queries',
  annotate: 'write annotations',
  write: 'change your lists and saved queries',
};

const ROLE_MEANINGS = {
  user: 'User',
  power: 'Power user: more requests and longer answers',
  staff: 'Staff',
};

/** What a form did, as the next page says it. */
const DONE: Record<string, string> = {
  welcome: 'Welcome. Your account is made.',
  data: 'Saved.',
  'password-set': 'Your new password is set, and all other sessions have ended.',
  'password-changed': 'Your password is changed, and all other sessions have ended.',
  'email-asked': 'A mail is on its way to the new address. Its link confirms it.',
  'email-logged':
    'This installation sends no mails: the link that confirms it is in the log of the site.',
  'email-changed': 'Your mail address is changed.',
  'token-revoked': 'The token is revoked.',
  'session-ended': 'The session has ended.',
  'sessions-ended': 'All other sessions have ended.',
  'notebook-revoked': 'The database account is revoked.',
};

export interface ProfileExtras {
  /** Code of what was just done. */
  done?: unknown;
  /** Where a form failed, and why. */
  problem?: { part: ProfilePart; message: string };
  /** What was typed into the form that failed. */
  typed?: Record<string, unknown>;
  /** Shown this once. */
  newToken?: { name: string; token: string };
  /** Of the account of the database; shown this once. */
  notebookPassword?: string;
}

/** Shows the profile of whoever is logged in. */
export async function showProfile(
  services: Services,
  res: Response,
  { done, problem, typed, newToken, notebookPassword }: ProfileExtras = {},
): Promise<void> {
  const { db, now, config } = services.context;
  const { userId, sessionId } = requireAccount(res);
  const [user, tokens, sessions, notebook] = await Promise.all([
    selectUser(db, userId),
    selectApiTokens(db, userId),
    selectSessions(db, userId, now()),
    selectNotebookAccount(db, userId),
  ]);
  res.render('profile', {
    title: 'Profile',
    isProfile: true,
    now: now(),
    user,
    role: ROLE_MEANINGS[user.role],
    done: typeof done === 'string' && Object.hasOwn(DONE, done) ? DONE[done] : undefined,
    problems: problem === undefined ? {} : { [problem.part]: problem.message },
    typed: { ...user, email: '', ...typed },
    newToken,
    tokens: tokens.map((token) => tokenRow(token, now())),
    scopes: SCOPES.map((scope) => ({
      scope,
      meaning: SCOPE_MEANINGS[scope],
      isChosen: scope === 'read' || scope === 'query',
    })),
    sessions: sessions.map((session) => ({
      ...session,
      agent: describeAgent(session.agent),
      isPresent: session.sessionId === sessionId,
    })),
    notebook: {
      ...notebookAddress(config),
      name: notebookUser(userId),
      password: notebookPassword,
      isThere: notebook !== undefined,
      renewedAt: notebook?.renewedAt,
      lockedAt: notebook?.lockedAt,
      timeoutSeconds: config.notebookTimeoutMs / 1_000,
    },
    hasOtherSessions: sessions.length > 1,
    siteUrl: services.siteUrl(),
    shortestPassword: SHORTEST_PASSWORD,
  });
}

/** The profile again, with the reason why one of its forms failed. */
export async function showProfileProblem(
  services: Services,
  res: Response,
  err: unknown,
  part: ProfilePart,
  typed: Record<string, unknown> = {},
): Promise<void> {
  const message = formProblem(err, res);
  await showProfile(services, res, { problem: { part, message }, typed });
}

function tokenRow(token: ApiToken, now: Date) {
  return {
    ...token,
    scopes: token.scopes.join(', '),
    expires: token.expiresAt?.toISOString().slice(0, 10),
    hasEnded: token.expiresAt !== null && token.expiresAt <= now,
  };
}
