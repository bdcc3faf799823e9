import { expect } from 'chai';

import { slackMessage, webhookBody } from '../../../common/delivery/webhook-body.ts';
import { matchJson } from '../../../common/filters/match-json.ts';
import { SOURCE, sampleMatch } from '../filters/sample-match.ts';

/** Limits of Slack's incoming webhooks and of Block Kit, in letters. */
const SLACK = { text: 40_000, blocks: 50, sectionText: 3_000, fields: 10, fieldText: 2_000 };

interface Block {
  type: string;
  text?: { type: string; text: string };
  fields?: { type: string; text: string }[];
  elements?: { type: string; text: string }[];
}

function messageOf(
  record: Record<string, unknown>,
  filterName: string,
): { text: string; blocks: Block[] } {
  const match = sampleMatch({ kind: 'backfill', record });
  const { body, contentType } = webhookBody(
    'slack',
    match,
    { ...SOURCE, filterName },
    {
      position: undefined,
    },
  );
  expect(contentType).to.equal('application/json');
  // What is half a letter is refused as no UTF-8.
  expect(body).not.to.match(/\\ud[89a-f]/i);
  return JSON.parse(body) as { text: string; blocks: Block[] };
}

function checkLimits({ text, blocks }: { text: string; blocks: Block[] }): void {
  const isText = (given: { type: string; text: string }, most: number) => {
    expect(given.type).to.equal('mrkdwn');
    expect(given.text.length).to.be.within(1, most);
  };
  expect(text.length).to.be.within(1, SLACK.text);
  expect(blocks.length).to.be.within(1, SLACK.blocks);
  for (const block of blocks) {
    expect(block.type).to.be.oneOf(['section', 'context']);
    if (block.type === 'section') {
      if (block.text === undefined) expect(block.fields).not.to.equal(undefined);
      else isText(block.text, SLACK.sectionText);
      if (block.fields !== undefined) {
        expect(block.fields.length).to.be.within(1, SLACK.fields);
        for (const each of block.fields) isText(each, SLACK.fieldText);
      }
    } else {
      expect(block.elements?.length).to.be.within(1, 10);
      for (const each of block.elements ?? []) isText(each, SLACK.sectionText);
    }
  }
}

describe('messages to Slack', () => {
  it('say what passed which filter, with links and the first columns', () => {
    const message = messageOf({ objectId: 'ZTF26aaaaaaa', gmag: 18.5, note: null }, 'bright ones');
    checkLimits(message);
    expect(message.text).to.equal('bright ones: ZTF26aaaaaaa (of a past night)');
    expect(message.blocks[0].text?.text).to.equal(
      '<https://glint.example.org/object/ZTF26aaaaaaa/|ZTF26aaaaaaa> passed <https://glint.example.org/filters/17/|bright ones> (of a past night)',
    );
    expect(message.blocks[0].fields?.map(({ text }) => text)).to.deep.equal(['*gmag*\n18.5']);
    const match = matchJson(sampleMatch({ record: {} }), SOURCE);
    expect(slackMessage(match).blocks[0]).not.to.have.property('fields');
  });

  it('keep to the limits of Slack whatever the filter selects', () => {
    for (const letters of ['x', '&', '<', '*_~`', '\u{1F6F0}', `y\u{1F6F0}`, '<!channel>']) {
      const name = letters.repeat(256).slice(0, 256);
      const record = Object.fromEntries(
        Array.from({ length: 300 }, (_, i) => [
          [...`${i} ${name}`].slice(0, 250).join(''),
          i % 2 === 0 ? letters.repeat(50_000) : [{ deep: letters.repeat(500) }],
        ]),
      );
      const message = messageOf(record, name);
      checkLimits(message);
      // Nobody is called by what a user writes.
      expect(JSON.stringify(message)).not.to.match(/<!/);
    }
  });
});
