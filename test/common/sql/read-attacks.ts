import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { QuerySource } from '../../../common/sql/compile.ts';

/** One text that must not get through. */
export interface Attack {
  name: string;
  /**
   * `refused`: the grammar may not accept it. `harmless`: it may also run and show nothing. `blind`: it
   * has to run, since its failure would tell of what is private.
   */
  expected: 'refused' | 'harmless' | 'blind';
  text: string;
  source: QuerySource;
}

const BOXES = /^selected: (.*)\ntables: (.*)\nconditions: (.*)$/s;

/** The corpus in `attacks.txt`, whose head explains how it is written. */
export function readAttacks(): Attack[] {
  const lines = readFileSync(join(import.meta.dirname, 'attacks.txt'), 'utf8').split('\n');
  const attacks: Omit<Attack, 'source'>[] = [];
  for (const line of lines) {
    const head = /^=== (.+) \| (refused|harmless|blind)$/.exec(line);
    const last = attacks.at(-1);
    if (head !== null) {
      attacks.push({ name: head[1], expected: head[2] as Attack['expected'], text: '' });
    } else if (last === undefined)
      continue; // The head, which explains.
    else last.text += `${line}\n`;
  }
  return attacks.map((attack) => {
    const text = expand(attack.text.replace(/\n+$/, ''));
    return { ...attack, text, source: sourceOf(text) };
  });
}

function sourceOf(text: string): QuerySource {
  const boxes = BOXES.exec(text);
  if (boxes === null) return { kind: 'statement', text };
  const [, selected, tables, conditions] = boxes;
  return { kind: 'boxes', selected, tables, conditions };
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
