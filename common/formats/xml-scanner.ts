import { InvalidInputError } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';

/** A tag or comment longer than this is none. */
const MAX_TAG_LENGTH = 1 << 20;
const MAX_ENTITY_LENGTH = 12;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** A piece of a document. Long texts come in several pieces. */
export type XmlToken =
  | { kind: 'open'; name: string; attributes: string; isEmpty: boolean }
  | { kind: 'close'; name: string }
  | { kind: 'text'; text: string };

/** Cuts a document into tags and texts. Knows no entities but those of XML itself. */
export interface XmlScanner {
  /** The next piece; undefined if more of the document has to be fetched for it, or it has ended. */
  next(): XmlToken | undefined;
  /** Fetches more of the document. @returns false at its end. */
  fetch(): Promise<boolean>;
}

/** Reads XML from its beginning, in the encoding that it declares. */
export function createXmlScanner(path: string, source: ByteSource): XmlScanner {
  let decoder: TextDecoder | undefined;
  let window = '';
  let at = 0;

  const fail = (what: string) => new InvalidInputError(`${path} cannot be read as XML: ${what}`);
  /** Where `mark` is; undefined if it may come with more of the document. */
  const find = (mark: string, from: number): number | undefined => {
    const found = window.indexOf(mark, from);
    if (found >= 0) return found;
    if (window.length - from > MAX_TAG_LENGTH) throw fail(`a tag has no ${mark}`);
    return undefined;
  };
  const skipTo = (mark: string, from: number): boolean => {
    const found = find(mark, from);
    if (found !== undefined) at = found + mark.length;
    return found !== undefined;
  };
  const text = (): XmlToken | undefined => {
    let end = window.indexOf('<', at);
    if (end < 0) {
      end = window.length;
      // An entity may go on in what has not been fetched yet.
      const entity = window.lastIndexOf('&');
      if (entity >= at && end - entity < MAX_ENTITY_LENGTH && !window.includes(';', entity)) {
        end = entity;
      }
      if (end === at) return undefined;
    }
    const raw = window.slice(at, end);
    at = end;
    return { kind: 'text', text: decodeEntities(raw) };
  };

  return {
    next() {
      for (;;) {
        if (at >= window.length) return undefined;
        if (window[at] !== '<') return text();
        // Enough to tell comments and CDATA apart.
        if (window.length - at < 9 && find('>', at) === undefined) return undefined;
        if (window.startsWith('<!--', at)) {
          if (!skipTo('-->', at + 4)) return undefined;
        } else if (window.startsWith('<![CDATA[', at)) {
          const end = find(']]>', at + 9);
          if (end === undefined) return undefined;
          const raw = window.slice(at + 9, end);
          at = end + 3;
          return { kind: 'text', text: raw };
        } else if (window.startsWith('<?', at)) {
          if (!skipTo('?>', at + 2)) return undefined;
        } else if (window.startsWith('<!', at)) {
          const end = find('>', at);
          if (end === undefined) return undefined;
          const subset = window.indexOf('[', at);
          if (subset >= 0 && subset < end) {
            if (!skipTo(']>', subset)) return undefined;
          } else at = end + 1;
        } else {
          const end = tagEnd(window, at, find);
          if (end === undefined) return undefined;
          const tag = window.slice(at + 1, end);
          at = end + 1;
          return readTag(tag);
        }
      }
    },
    async fetch() {
      const bytes = await source.read();
      if (bytes.length === 0) return false;
      decoder ??= new TextDecoder(encodingOf(bytes));
      window = window.slice(at) + decoder.decode(bytes, { stream: true });
      at = 0;
      return true;
    },
  };
}

/** The value of an attribute in the text of a tag. */
export function attribute(attributes: string, name: string): string | undefined {
  for (const match of attributes.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    if (match[1] === name) return decodeEntities(match[2] ?? match[3]);
  }
  return undefined;
}

/** The end of a tag: `>` may stand in the value of an attribute. */
function tagEnd(
  window: string,
  start: number,
  find: (mark: string, from: number) => number | undefined,
): number | undefined {
  for (let from = start + 1; ;) {
    const end = find('>', from);
    if (end === undefined) return undefined;
    let quote = '';
    for (let i = start; i < end; i++) {
      const letter = window[i];
      if (quote === '' ? letter === '"' || letter === "'" : letter === quote) {
        quote = quote === '' ? letter : '';
      }
    }
    if (quote === '') return end;
    from = end + 1;
  }
}

function readTag(tag: string): XmlToken {
  if (tag.startsWith('/')) return { kind: 'close', name: localName(tag.slice(1).trim()) };
  const isEmpty = tag.endsWith('/');
  const content = isEmpty ? tag.slice(0, -1) : tag;
  const blank = content.search(/\s/);
  return {
    kind: 'open',
    name: localName(blank < 0 ? content : content.slice(0, blank)),
    attributes: blank < 0 ? '' : content.slice(blank),
    isEmpty,
  };
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|\w{1,10});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
    const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  const start = bytes.toString('latin1', 0, 200);
  const declared = /^\s*<\?xml[^>]*encoding\s*=\s*["']([\w-]+)["']/.exec(start)?.[1] ?? 'utf-8';
  return /^(iso-?8859-1|latin-?1|us-ascii|windows-1252)$/i.test(declared) ? 'latin1' : 'utf-8';
}
