/** Addresses for programs: tokens are accepted there, failures are JSON, forms need no CSRF token. */
export const API_PREFIXES = ['/api', '/ztf/api', '/lsst/api'];
const API = new RegExp(`^(?:${API_PREFIXES.join('|')})(?:/|$)`, 'i');
/** Forms that only read: those that programs post to since 2019, and what is too long for an address. */
const READING_ONLY = /^\/(?:objlist|coverage|query)(?:\/|$)/i;

export function isApiPath(path: string): boolean {
  return API.test(path);
}

/** Whether a POST there comes without a CSRF token. */
export function isWithoutCsrf(path: string): boolean {
  return API.test(path) || READING_ONLY.test(path);
}
