import type { Response } from 'express';

import type { AccountLink, LinkPurpose } from '../../common/store/accounts/account-links.ts';
import { selectLink } from '../../common/store/accounts/account-links.ts';
import type { Services } from '../services.ts';

/** Where one gets another link of the kind. */
const AGAIN: Record<LinkPurpose, { url: string; label: string }> = {
  signup: { url: '/signup/', label: 'Sign up' },
  password: { url: '/password_reset/', label: 'Ask for another link' },
  email: { url: '/profile/#email', label: 'To your profile' },
};

const SENTENCES = {
  used: 'This link has been used. Links work once.',
  expired: 'This link has ended. Ask for another one.',
  unknown: 'This link is not complete, or not one of ours. Copy all of it from the mail.',
};

/** Address of a link, for a mail. */
export function linkUrl({ siteUrl }: Services, path: string, key: string): string {
  return `${siteUrl()}${path}?key=${key}`;
}

/**
 * The link that a key opens. Where it opens nothing any more, the page that says so is shown, and the
 * answer is undefined.
 */
export async function openLink(
  { context }: Services,
  res: Response,
  purpose: LinkPurpose,
  key: unknown,
): Promise<AccountLink | undefined> {
  const text = typeof key === 'string' ? key : '';
  const found = await selectLink(context.db, purpose, text, context.now());
  if (found.state === 'good') return found.link;
  showDeadLink(res, purpose, found.state);
  return undefined;
}

export function showDeadLink(
  res: Response,
  purpose: LinkPurpose,
  state: 'used' | 'expired' | 'unknown',
): void {
  res.status(state === 'unknown' ? 404 : 410).render('account-message', {
    title: 'Link',
    heading: state === 'unknown' ? 'This link opens nothing' : 'This link has ended',
    paragraphs: [SENTENCES[state]],
    links: [AGAIN[purpose], { url: '/login/', label: 'Log in' }],
  });
}
