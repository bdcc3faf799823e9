import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One text that must not get through. */
export interface Attack {
  name: string;
  /** `refused`: the grammar may not accept it. `harmless`: it may also run and show nothing. */
  expected: 'refused' | 'harmless';
  text: string;
}

/** The corpus in `attacks.txt`, whose head explains how it is written. */
export function readAttacks(): Attack[] {
  const lines = readFileSync(join(import.meta.dirname, 'attacks.txt'), 'utf8').split('\n');
  const attacks: Attack[] = [];
  for (const line of lines) {
    const head = /^=== (.+) \| (refused|harmless)$/.exec(line);
    const last = attacks.at(-1);
    if (head !== null) {
      attacks.push({ name: head[1], expected: head[2] as Attack['expected'], text: '' });
    } else if (last === undefined)
      continue; // The head, which explains.
    else last.text += `${line}\n`;
  }
  return attacks.map(({ name, expected, text }) => ({
    name,
    expected,
    text: expand(text.replace(/\n+$/, '')),
  }));
}

function expand(text: string): string {
  return text
    .replace(/\{x (\d+) ([^}]+)\}/g, (_, count: string, what: string) => what.repeat(Number(count)))
    .replace(/\{U\+([0-9A-F]+)\}/g, (_, code: string) => fromCode(Number.parseInt(code, 16)));
}

/** Lone surrogates are characters of a JavaScript text too. */
function fromCode(code: number): string {
  return code > 0xffff ? String.fromCodePoint(code) : String.fromCharCode(code);
}
