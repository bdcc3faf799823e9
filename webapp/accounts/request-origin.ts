import type { Request } from 'express';

/**
 * Where a browser says that a request comes from: this site, another, or it does not say (programs,
 * and browsers of before 2020).
 *
 * @param siteUrl - Public address of the site, for proxies that change the Host header.
 */
export function requestOrigin(req: Request, siteUrl: string): 'same' | 'other' | 'unknown' {
  const fetchSite = req.get('sec-fetch-site');
  // `none` is what a person does by hand: a bookmark, sending a form once more.
  if (fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none') {
    return 'other';
  }
  const origin = req.get('origin');
  if (origin === undefined) return fetchSite === 'same-origin' ? 'same' : 'unknown';
  if (origin === 'null') return fetchSite === 'same-origin' ? 'same' : 'other';
  let host: string;
  try {
    host = new URL(origin).host;
  } catch {
    return 'other';
  }
  // A page elsewhere can choose neither its Origin nor our Host.
  return host === req.host || origin === new URL(siteUrl).origin ? 'same' : 'other';
}
