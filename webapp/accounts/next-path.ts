const LONGEST = 2_000;
/** Stands for this site while an address is taken apart. */
const HERE = 'http://here.invalid';

/**
 * Where to go after the login: a path of this site, whatever the address holds. What a browser could
 * take for another site (`//elsewhere`, `/\elsewhere`, `/.//elsewhere`) is the front page instead.
 */
export function nextPath(given: unknown, otherwise = '/'): string {
  if (typeof given !== 'string' || given.length > LONGEST || !given.startsWith('/')) {
    return otherwise;
  }
  let url: URL;
  try {
    // Read as browsers read it: they drop tabs, take backslashes for slashes, and walk dots.
    url = new URL(given, HERE);
  } catch {
    return otherwise;
  }
  if (url.origin !== HERE || url.pathname.startsWith('//')) return otherwise;
  return url.pathname + url.search + url.hash;
}
