import type { Request } from 'express';

import { nextPath } from './accounts/next-path.ts';

/** Fields that hold what somebody wrote for long: they are shown, to be copied. */
const WRITTEN = [
  'sql',
  'sqlquery',
  'selected',
  'tables',
  'conditions',
  'description',
  'cones_textarea',
];

interface Field {
  name: string;
  value: string;
}

/** The same request once more, as a link or a form of a page. */
export interface SendAgain {
  action: string;
  isForm: boolean;
  fields: Field[];
}

/**
 * How a browser can send a request again that could not be answered just now, so that nothing that was
 * typed is lost. A form keeps the token it came with: a page that another site made it send gets none
 * from here.
 *
 * @returns undefined for requests that a page cannot send, and for forms with passwords: those are
 *   typed again.
 */
export function sendAgain(req: Request): SendAgain | undefined {
  const action = nextPath(req.originalUrl, '');
  if (action === '') return undefined;
  if (req.method === 'GET') return { action, isForm: false, fields: [] };
  if (req.method !== 'POST' || !req.is('urlencoded')) return undefined;
  const fields = fieldsOf(req.body);
  if (fields.some(({ name }) => /password/i.test(name))) return undefined;
  return { action, isForm: true, fields };
}

/** What was written into a form, or stands in an address, that could not be answered. */
export function writtenTexts(req: Request): string[] {
  return fieldsOf(req.method === 'POST' ? req.body : req.query)
    .filter(({ name, value }) => WRITTEN.includes(name) && value.trim() !== '')
    .map(({ value }) => value);
}

function fieldsOf(given: unknown): Field[] {
  return Object.entries(given ?? {}).flatMap(([name, value]: [string, unknown]) =>
    [value].flat().flatMap((each) => (typeof each === 'string' ? [{ name, value: each }] : [])),
  );
}
