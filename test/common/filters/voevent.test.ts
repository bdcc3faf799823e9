import { expect } from 'chai';

import { voEvent } from '../../../common/filters/voevent.ts';
import type { EventPlace } from '../../../common/filters/voevent.ts';
import { SOURCE, sampleMatch } from './sample-match.ts';

/** An element of a document. */
interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

const SIGNS: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** The document as a tree; fails where it is not well-formed as far as these documents go. */
function treeOf(xml: string): Element {
  const top: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  expect(body, 'declaration').not.to.equal(xml);
  // What XML 1.0 (2.2) does not allow anywhere.
  expect(xml).not.to.match(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u);
  const decoded = (text: string) => {
    expect(text).not.to.match(/[<>]|&(?!(?:amp|lt|gt|quot|#\d+);)/);
    return text.replace(/&(?:#(\d+)|(\w+));/g, (_, code?: string, name?: string) =>
      code === undefined ? SIGNS[name ?? ''] : String.fromCharCode(Number(code)),
    );
  };
  for (const [piece] of body.matchAll(/<[^>]*>|[^<]+/g)) {
    const parent = open[open.length - 1];
    if (piece.startsWith('</')) {
      expect(piece).to.equal(`</${parent.name}>`);
      open.pop();
    } else if (piece.startsWith('<')) {
      const [, name, rest, end] = /^<([\w:]+)((?: [\w:]+="[^"]*")*)(\/?)>$/.exec(piece) ?? [];
      expect(name, piece).to.be.a('string');
      const pairs = [...rest.matchAll(/ ([\w:]+)="([^"]*)"/g)];
      const attributes = Object.fromEntries(pairs.map(([, key, value]) => [key, decoded(value)]));
      expect(Object.keys(attributes), piece).to.have.length(pairs.length);
      const element: Element = { name, attributes, children: [], text: '' };
      parent.children.push(element);
      if (end === '') open.push(element);
    } else parent.text += decoded(piece);
  }
  expect(open).to.have.length(1);
  expect(top.children).to.have.length(1);
  return top.children[0];
}

const names = (element: Element) => element.children.map(({ name }) => name);
const at = (element: Element, ...path: string[]): Element =>
  path.reduce((inside, name) => {
    const found = inside.children.filter((child) => child.name === name);
    expect(found, name).to.have.length(1);
    return found[0];
  }, element);

/** What VOEvent 2.0 and its schema demand of the elements that we write. */
function checkRules(event: Element): void {
  expect(event.name).to.equal('voe:VOEvent');
  expect(event.attributes).to.include({
    'xmlns:voe': 'http://www.ivoa.net/xml/VOEvent/v2.0',
    version: '2.0',
  });
  expect(event.attributes.role).to.be.oneOf(['observation', 'prediction', 'utility', 'test']);
  // 3.1: authority, path, and the event behind #; none of what a URI may not have.
  expect(event.attributes.ivorn).to.match(/^ivo:\/\/[A-Za-z0-9][\w.-]{2,}\/[\w./-]+#[\w.+:-]+$/);
  const order = ['Who', 'What', 'WhereWhen', 'How', 'Why', 'Citations', 'Description', 'Reference'];
  const parts = names(event);
  expect(new Set(parts).size, 'each at most once').to.equal(parts.length);
  expect(parts).to.deep.equal(order.filter((name) => parts.includes(name)));

  const who = at(event, 'Who');
  expect(names(who)).to.deep.equal(['AuthorIVORN', 'Date', 'Author']);
  expect(at(who, 'AuthorIVORN').text).to.match(/^ivo:\/\/[\w.-]+\/\w+$/);
  // 3.2.2: UTC, without a zone.
  expect(at(who, 'Date').text).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  expect(names(at(who, 'Author'))).to.deep.equal(['title']);

  const what = at(event, 'What');
  const groups = what.children.filter(({ name }) => name === 'Group');
  for (const child of what.children) {
    expect(child.name).to.be.oneOf(['Param', 'Group', 'Table', 'Description', 'Reference']);
  }
  for (const group of groups) expect(Object.keys(group.attributes)).to.deep.equal(['name']);
  for (const holder of [what, ...groups]) {
    const params = holder.children.filter(({ name }) => name === 'Param');
    for (const { attributes } of params) {
      expect(attributes).to.include.keys('name', 'value', 'dataType');
      expect(['name', 'ucd', 'value', 'unit', 'dataType', 'utype']).to.include.members(
        Object.keys(attributes),
      );
      expect(attributes.name).not.to.equal('');
      expect(attributes.dataType).to.be.oneOf(['string', 'int', 'float']);
      if (attributes.dataType === 'float') expect(Number(attributes.value)).to.be.finite;
    }
    // 3.3.1: names are unique within What, and within a group.
    expect(new Set(params.map(({ attributes }) => attributes.name)).size).to.equal(params.length);
  }
  for (const holder of [what, at(event, 'How')]) {
    for (const { name, attributes } of holder.children) {
      if (name === 'Reference') expect(() => new URL(attributes.uri)).not.to.throw();
    }
  }
  if (!parts.includes('WhereWhen')) return;
  const data = at(event, 'WhereWhen', 'ObsDataLocation');
  expect(names(data)).to.deep.equal(['ObservatoryLocation', 'ObservationLocation']);
  expect(at(data, 'ObservatoryLocation').attributes.id).to.be.a('string');
  const location = at(data, 'ObservationLocation');
  expect(names(location)).to.deep.equal(['AstroCoordSystem', 'AstroCoords']);
  const system = at(location, 'AstroCoordSystem').attributes.id;
  // 3.4.1: one of those that the standard lists.
  expect(system).to.equal('UTC-ICRS-TOPO');
  const coords = at(location, 'AstroCoords');
  expect(coords.attributes).to.deep.equal({ coord_system_id: system });
  expect(names(coords)).to.deep.equal(['Time', 'Position2D']);
  expect(at(coords, 'Time', 'TimeInstant', 'ISOTime').text).to.match(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+$/,
  );
  const position = at(coords, 'Position2D');
  expect(position.attributes).to.deep.equal({ unit: 'deg' });
  expect(names(position)).to.deep.equal(['Name1', 'Name2', 'Value2', 'Error2Radius']);
  expect(names(at(position, 'Value2'))).to.deep.equal(['C1', 'C2']);
  expect(Number(at(position, 'Error2Radius').text)).to.be.above(0);
}

describe('voEvent', () => {
  const event = (
    changes: Parameters<typeof sampleMatch>[0] = {},
    place: EventPlace = { position: { ra: 194.494, dec: -1e-7 } },
    source = SOURCE,
  ) => treeOf(voEvent(sampleMatch(changes), source, place));

  it('says who tells what, and where and when', () => {
    const tree = event();
    checkRules(tree);
    expect(tree.attributes).to.include({
      role: 'observation',
      ivorn: 'ivo://glint.example.org/filters#17_ZTF26aaaaaaa_a3000000000000000000',
    });
    expect(at(tree, 'Who', 'Date').text).to.equal('2026-11-20T06:00:00');
    const coords = at(tree, 'WhereWhen', 'ObsDataLocation', 'ObservationLocation', 'AstroCoords');
    expect(at(coords, 'Time', 'TimeInstant', 'ISOTime').text).to.equal('2026-11-20T05:50:00.123');
    const value = at(coords, 'Position2D', 'Value2');
    expect([at(value, 'C1').text, at(value, 'C2').text].map(Number)).to.deep.equal([
      194.494, -1e-7,
    ]);
    const record = at(tree, 'What', 'Group').children.map(({ attributes }) => attributes);
    expect(record).to.deep.equal([
      { name: 'objectId', value: 'ZTF26aaaaaaa', dataType: 'string' },
      { name: 'gmag', value: '18.5', dataType: 'float' },
    ]);
  });

  it('keeps the rules whatever users and packets write', () => {
    const hostile = '<a b="c">&]]>\u0000\u000B\uFFFF\uD800\n\t\u{1F6F0}';
    const tree = event(
      {
        survey: 'lsst',
        objectId: '313637921267122191',
        rowNumber: 2,
        kind: 'backfill',
        observedAt: null,
        record: { [hostile]: hostile, n: null, list: [1, '<'], flag: true, tiny: 1e-300 },
      },
      undefined,
      { filterName: hostile, siteUrl: 'http://[::1]:8080' },
    );
    checkRules(tree);
    const [param, nothing, list, flag, tiny] = at(tree, 'What', 'Group').children.map(
      ({ attributes }) => attributes,
    );
    expect(param.value).to.equal('<a b="c">&]]>\uFFFD\uFFFD\uFFFD\uFFFD\n\t\u{1F6F0}');
    expect([nothing, list, flag, tiny].map(({ value }) => value)).to.deep.equal([
      '',
      '[1,"<"]',
      'true',
      '1e-300',
    ]);
  });

  it('has no place where none is known, and is marked where it is a test', () => {
    const tree = event({ alertId: null, record: {} }, { position: undefined, role: 'test' });
    checkRules(tree);
    expect(names(tree)).to.deep.equal(['Who', 'What', 'How']);
    expect(tree.attributes.role).to.equal('test');
  });
});
