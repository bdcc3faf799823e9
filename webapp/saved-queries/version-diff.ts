import { diffArrays, diffWordsWithSpace } from 'diff';

import { sourceText } from '../../common/queries/saved-query-content.ts';
import type { QueryContent } from '../../common/queries/saved-query-content.ts';

/** Texts that differ in more lines are shown as wholly other: finding the least change takes too long. */
const MAX_CHANGED_LINES = 800;
const MAX_CHANGED_WORDS = 400;
/** Lines around a change that are shown with it. */
const CONTEXT_LINES = 3;

/** A stretch of a line; `isChanged` where it is only on this side. */
export interface DiffPart {
  text: string;
  isChanged: boolean;
}

/** A row of the table: a line, or a number of lines left out because both sides have them. */
export type DiffRow =
  | { kind: 'gap'; count: number }
  | {
      kind: 'same' | 'removed' | 'added';
      /** Numbers from 1 in the older and the newer text; undefined where the line is not in it. */
      oldLine: number | undefined;
      newLine: number | undefined;
      parts: DiffPart[];
    };

export interface DiffSection {
  title: string;
  rows: DiffRow[];
}

/** What differs between two versions of a query, section by section; none if they are the same. */
export function diffVersions(older: QueryContent, newer: QueryContent): DiffSection[] {
  const texts = (content: QueryContent): [title: string, text: string][] => [
    ['Name', content.name],
    ['Description', content.description],
    ['Survey', content.survey],
    ['Query', sourceText(content.source)],
    ['Fields', content.fields.map(fieldLine).join('\n')],
  ];
  const after = texts(newer);
  return texts(older)
    .map(([title, text], i) => ({ title, before: text, after: after[i][1] }))
    .filter((section) => section.before !== section.after)
    .map((section) => ({
      title: section.title,
      rows: withGaps(diffLines(section.before, section.after)),
    }));
}

function fieldLine({ name, label, unit, default: value }: QueryContent['fields'][number]): string {
  return `:${name} “${label}”, ${value}${unit === '' ? '' : ` ${unit}`}`;
}

function diffLines(before: string, after: string): DiffRow[] {
  const [oldLines, newLines] = [linesOf(before), linesOf(after)];
  const changes = diffArrays(oldLines, newLines, { maxEditLength: MAX_CHANGED_LINES }) ?? [
    { removed: true, added: false, value: oldLines },
    { removed: false, added: true, value: newLines },
  ];
  const rows: DiffRow[] = [];
  let [oldLine, newLine] = [1, 1];
  for (let i = 0; i < changes.length; i++) {
    const { removed, added, value } = changes[i];
    if (!removed && !added) {
      for (const text of value) {
        const parts = [{ text, isChanged: false }];
        rows.push({ kind: 'same', oldLine: oldLine++, newLine: newLine++, parts });
      }
      continue;
    }
    const isPair = removed && changes[i + 1]?.added === true;
    const [gone, come] = isPair
      ? [value, changes[i + 1].value]
      : [removed ? value : [], added ? value : []];
    const pairs =
      gone.length === come.length ? gone.map((text, k) => diffWords(text, come[k])) : [];
    gone.forEach((text, k) => {
      const parts = pairs[k]?.before ?? [{ text, isChanged: false }];
      rows.push({ kind: 'removed', oldLine: oldLine++, newLine: undefined, parts });
    });
    come.forEach((text, k) => {
      const parts = pairs[k]?.after ?? [{ text, isChanged: false }];
      rows.push({ kind: 'added', oldLine: undefined, newLine: newLine++, parts });
    });
    if (isPair) i++;
  }
  return rows;
}

/** Two lines that stand for each other, by words; whole where they have little in common. */
function diffWords(before: string, after: string): { before: DiffPart[]; after: DiffPart[] } {
  const changes = diffWordsWithSpace(before, after, { maxEditLength: MAX_CHANGED_WORDS });
  if (changes === undefined || !changes.some((change) => !change.added && !change.removed)) {
    return {
      before: [{ text: before, isChanged: false }],
      after: [{ text: after, isChanged: false }],
    };
  }
  const side = (without: 'added' | 'removed') =>
    changes
      .filter((change) => !change[without])
      .map(({ value, added, removed }) => ({ text: value, isChanged: added || removed }));
  return { before: side('added'), after: side('removed') };
}

/** Leaves out what is the same on both sides and far from any change. */
function withGaps(rows: DiffRow[]): DiffRow[] {
  const isNear = new Uint8Array(rows.length);
  rows.forEach((row, i) => {
    if (row.kind !== 'same') isNear.fill(1, Math.max(0, i - CONTEXT_LINES), i + CONTEXT_LINES + 1);
  });
  const shown: DiffRow[] = [];
  for (let i = 0; i < rows.length; i++) {
    const last = shown.at(-1);
    if (isNear[i] === 1) shown.push(rows[i]);
    else if (last?.kind === 'gap') last.count++;
    else shown.push({ kind: 'gap', count: 1 });
  }
  return shown;
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}
