import type { Match, OutputSettings } from '../filters/filter.ts';
import { matchJson } from '../filters/match-json.ts';
import type { MatchJson, MatchSource } from '../filters/match-json.ts';
import { voEvent } from '../filters/voevent.ts';
import type { EventPlace } from '../filters/voevent.ts';

const MAX_FIELDS = 10;
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
      text: `*${slackText(name)}*\n${slackText(valueText(value))}`,
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
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE - 1)}…`;
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
