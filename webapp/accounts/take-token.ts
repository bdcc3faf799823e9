import type { Request } from 'express';

/** Lasair's rule for a token in the address. */
const WORD = /^\w{1,200}$/;

/**
 * The API token that a request brings: in the header `Authorization: Token <key>` (or Bearer), as
 * `?token=`, or as the field `token` of a POST. It is taken out of the request, so that no
 * log, message or link further on can show it.
 *
 * @returns undefined where there is none; an empty text where it cannot be one.
 */
export function takeToken(req: Request): string | undefined {
  const fromAddress = takeFromAddress(req);
  const fromBody = takeFromBody(req);
  const header = /^(?:token|bearer)(?:\s+(.*))?$/i.exec(req.get('authorization') ?? '');
  if (header !== null) return readable((header[1] ?? '').trim());
  const given = fromBody ?? fromAddress;
  return given === undefined ? undefined : readable(given);
}

function readable(key: string): string {
  return WORD.test(key) ? key : '';
}

function takeFromAddress(req: Request): string | undefined {
  const at = req.url.indexOf('?');
  if (at < 0) return undefined;
  const query = new URLSearchParams(req.url.slice(at + 1));
  const token = query.get('token');
  if (token === null) return undefined;
  req.url = withoutToken(req.url);
  req.originalUrl = withoutToken(req.originalUrl);
  return token;
}

/** The address without its `token`, everything else to the letter. */
function withoutToken(url: string): string {
  const at = url.indexOf('?');
  const kept = url
    .slice(at + 1)
    .split('&')
    .filter((pair) => !new URLSearchParams(pair).has('token'));
  return url.slice(0, at) + (kept.length > 0 ? `?${kept.join('&')}` : '');
}

function takeFromBody(req: Request): string | undefined {
  const body = req.body as Record<string, unknown> | undefined;
  if (typeof body !== 'object' || body === null || !('token' in body)) return undefined;
  const { token } = body;
  delete body.token;
  return typeof token === 'string' ? token : '';
}
