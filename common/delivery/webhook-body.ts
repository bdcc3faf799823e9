import type { Match, OutputSettings } from '../filters/filter.ts';
import { matchJson } from '../filters/match-json.ts';
import type { MatchJson, MatchSource } from '../filters/match-json.ts';
import { voEvent } from '../filters/voevent.ts';
import type { EventPlace } from '../filters/voevent.ts';

/** Slack takes ten fields, of 2,000 letters each: `&amp;` counts five. */
const MAX_FIELDS = 10;
const MAX_NAME = 150;
const MAX_VALUE = 200;

export interface WebhookBody {
  body: string;
  contentType: string;
}

/** What a webhook is sent of a match. @param place - Where the object is; VOEvent says it. */
export function webhookBody(
  form: OutputSettings['webhook']['body'],
  match: Match,
  source: MatchSource,
  place: EventPlace,
): WebhookBody {
  switch (form) {
    case 'json':
      return json(matchJson(match, source));
    case 'slack':
      return json(slackMessage(matchJson(match, source)));
    case 'voevent':
      return { body: voEvent(match, source, place), contentType: 'application/xml; charset=utf-8' };
  }
}

/** A message as Slack's incoming webhooks take it, and Mattermost's, and Discord's under `/slack`. */
export function slackMessage(match: MatchJson) {
  const { filter, object, links, record } = match;
  const past = match.backfill ? ' (of a past night)' : '';
  const title = `${slackText(filter.name)}: ${slackText(object)}${past}`;
  const fields = Object.entries(record)
    .filter(([, value]) => value !== null && value !== '' && value !== object)
    .slice(0, MAX_FIELDS)
    .map(([name, value]) => ({
      type: 'mrkdwn',
      text: `*${slackText(cut(name, MAX_NAME))}*\n${slackText(valueText(value))}`,
    }));
  return {
    text: title,
    blocks: [
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          text: `<${links.object}|${slackText(object)}> passed <${links.filter}|${slackText(filter.name)}>${past}`,
        },
        ...(fields.length > 0 && { fields }),
      },
      { type: 'context', elements: [{ type: 'mrkdwn', text: `${match.matchedAt}, ${match.id}` }] },
    ],
  };
}

function valueText(value: unknown): string {
  return cut(typeof value === 'string' ? value : JSON.stringify(value), MAX_VALUE);
}

/** Without half of a letter at its end: no UTF-8 has it. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Without the signs that Slack reads as links, mentions and emphasis. */
function slackText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[*_~`]/g, '\u200b$&');
}

function json(value: object): WebhookBody {
  return { body: JSON.stringify(value), contentType: 'application/json' };
}
