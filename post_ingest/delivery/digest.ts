import { formatInstant } from '../../common/figures/format-instant.ts';
import { matchId } from '../../common/filters/filter.ts';
import type { Match } from '../../common/filters/filter.ts';

const MAX_COLUMNS = 12;
const MAX_VALUE = 60;

/** What a digest tells of. */
export interface DigestContent {
  filter: { id: number; name: string };
  siteUrl: string;
  /** Newest first: those that are listed. */
  matches: Match[];
  /** How many there are, listed or not. */
  total: number;
  /** Address that ends these mails. */
  unsubscribeUrl: string;
  /** Names of the pictures in the mail, by object. */
  pictures: ReadonlyMap<string, string>;
}

export interface Digest {
  subject: string;
  text: string;
  html: string;
}

/** A mail about what a filter passed: as plain text, and as a table with links and pictures. */
export function writeDigest(content: DigestContent): Digest {
  const { filter, total, matches } = content;
  const objects = new Set(matches.map(({ objectId }) => objectId));
  const count = total === 1 ? '1 match' : `${total} matches`;
  const first = objects.size === 1 ? ` ${matches[0].objectId}` : '';
  return {
    subject: `${oneLine(filter.name)}: ${count}${first}`,
    text: textOf(content, count),
    html: htmlOf(content, count),
  };
}

function textOf(content: DigestContent, count: string): string {
  const { filter, siteUrl, matches, total, unsubscribeUrl } = content;
  const lines = matches.map((match) => {
    const values = Object.entries(match.record).map(([name, value]) => `${name} ${shown(value)}`);
    const past = match.kind === 'backfill' ? ' (of a past night)' : '';
    return [
      `${match.objectId}${past}, ${formatInstant(match.matchedAt)} UTC`,
      `  ${siteUrl}/object/${match.objectId}/`,
      `  ${values.join(', ')}`,
      `  [${matchId(match)}]`,
    ].join('\n');
  });
  const more = total > matches.length ? [`${total - matches.length} more are on its page.`] : [];
  return `${[
    `${count} of your filter “${oneLine(filter.name)}”: ${siteUrl}/filters/${filter.id}/`,
    ...lines,
    ...more,
    `To end these mails: ${unsubscribeUrl}`,
  ].join('\n\n')}\n`;
}

function htmlOf(content: DigestContent, count: string): string {
  const { filter, siteUrl, matches, total, unsubscribeUrl, pictures } = content;
  const columns = [...new Set(matches.flatMap(({ record }) => Object.keys(record)))].slice(
    0,
    MAX_COLUMNS,
  );
  const cell = 'style="padding:2px 8px;border-bottom:1px solid #ddd;text-align:left"';
  const head = ['object', ...columns, 'passed (UTC)'].map(
    (name) => `<th ${cell}>${html(name)}</th>`,
  );
  const rows = matches.map((match) => {
    const url = `${siteUrl}/object/${match.objectId}/`;
    const past = match.kind === 'backfill' ? ' (past)' : '';
    const cells = columns.map((name) => `<td ${cell}>${html(shown(match.record[name]))}</td>`);
    return `<tr title="${html(matchId(match))}"><td ${cell}><a href="${html(url)}">${html(match.objectId)}</a>${past}</td>${cells.join('')}<td ${cell}>${formatInstant(match.matchedAt)}</td></tr>`;
  });
  const figures = [...pictures].map(
    ([objectId, name]) =>
      `<p><a href="${html(`${siteUrl}/object/${objectId}/`)}">${html(objectId)}</a><br><img src="cid:${html(name)}" width="570" height="300" alt="Light curve of ${html(objectId)}"></p>`,
  );
  const more =
    total > matches.length
      ? `<p><a href="${html(`${siteUrl}/filters/${filter.id}/`)}">${total - matches.length} more</a> are on its page.</p>`
      : '';
  return [
    '<!doctype html><html lang="en"><body style="font-family:sans-serif">',
    `<p>${count} of your filter <a href="${html(`${siteUrl}/filters/${filter.id}/`)}">${html(filter.name)}</a>.</p>`,
    `<table style="border-collapse:collapse;font-size:14px"><thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`,
    more,
    ...figures,
    `<p style="font-size:12px"><a href="${html(unsubscribeUrl)}">End these mails</a></p>`,
    '</body></html>',
  ].join('\n');
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number')
    return Number.isInteger(value) ? String(value) : significant(value);
  const text = oneLine(typeof value === 'string' ? value : JSON.stringify(value));
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE - 1)}…`;
}

/** Nine digits: a position to a milliarcsecond. */
function significant(value: number): string {
  return String(Number(value.toPrecision(9)));
}

/** Line ends in a name must not begin a header or a line of their own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

function html(text: string): string {
  const names: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' };
  return text.replace(/[&<>"]/g, (sign) => `&${names[sign]};`);
}
