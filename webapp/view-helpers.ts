import Handlebars from 'handlebars';

import { formatInstant } from '../common/figures/format-instant.ts';
import { formatAgo, formatCount, formatDuration } from './format.ts';

const MISSING = '–';

/** What templates may call. Numbers that are not there show as a dash. */
export const VIEW_HELPERS: Record<string, Handlebars.HelperDelegate> = {
  fixed: (value: unknown, digits: unknown) =>
    typeof value === 'number' && Number.isFinite(value) ? value.toFixed(Number(digits)) : MISSING,
  significant: (value: unknown, digits: unknown) =>
    typeof value === 'number' && Number.isFinite(value)
      ? String(Number(value.toPrecision(Number(digits))))
      : MISSING,
  count: (value: unknown) => (typeof value === 'number' ? formatCount(value) : MISSING),
  duration: (seconds: unknown) => (typeof seconds === 'number' ? formatDuration(seconds) : MISSING),
  durationMs: (milliseconds: unknown) =>
    typeof milliseconds === 'number' ? formatDuration(milliseconds / 1_000) : MISSING,
  ago: (instant: unknown, now: unknown) =>
    instant instanceof Date && now instanceof Date ? formatAgo(instant, now) : MISSING,
  instant: (value: unknown) => (value instanceof Date ? formatInstant(value) : MISSING),
  day: (value: unknown) => (value instanceof Date ? formatInstant(value).slice(0, 10) : MISSING),
  or: (value: unknown, otherwise: unknown) =>
    value === null || value === undefined || value === '' ? otherwise : value,
  eq: (a: unknown, b: unknown) => a === b,
  /** A value inside `<script type="application/json">`: nothing in it can end the element. */
  json: (value: unknown) =>
    new Handlebars.SafeString(JSON.stringify(value).replaceAll('<', '\\u003c')),
};
