// What may come next: columns of the tables named, tables after FROM, functions, lists of the reader.
import { syntaxTree } from '@codemirror/language';

import { keywordOptions } from './sql-language.js';

const WORD = /[\w:]*$/;
const TABLE_IN_FROM =
  /(?:\bfrom\b|\bjoin\b|,)\s*(?:(ztf|lsst)\s*\.\s*)?([a-z]\w*)(?:\s+(?:as\s+)?(?!(?:on|using|where|join|left|right|inner|cross|group|order|having|limit|union)\b)([a-z]\w*))?/gi;
const CLAUSE = /\b(select|from|join|where|on|using|by|having|limit|and|or|when|then|else)\b/gi;
const DATABASES = ['ztf', 'lsst'];

/**
 * @param words - What the site knows: `words.json`.
 * @param surveyNow - Gives the survey that is chosen.
 * @param part - `statement`, or the box that the editor stands for.
 * @param textsNow - Gives the texts of all editors, for the tables that they name.
 */
export function completions(words, lists, surveyNow, part, textsNow) {
  const functions = words.functionGroups.flatMap((group) => group.functions);
  const functionOptions = functions.map(({ name, signature, meaning }) => ({
    label: name,
    type: 'function',
    detail: signature.replace(/^[^(]*/, ''),
    info: () => note(meaning),
    apply: putCall(name, signature),
    boost: -5,
  }));
  return (context) => {
    if (isInsideText(context)) return null;
    const before = context.state.sliceDoc(Math.max(0, context.pos - 2_000), context.pos);
    const word = WORD.exec(before)[0];
    const from = context.pos - word.length;
    const qualifier = /([a-z]\w*)\s*\.\s*$/i.exec(
      before.slice(0, before.length - word.length),
    )?.[1];
    if (word === '' && qualifier === undefined && !context.explicit) return null;
    const options =
      qualifier === undefined
        ? optionsIn(clauseOf(before, part))
        : qualifiedOptions(qualifier, tablesNamed());
    // Who has written a whole name wants Enter to begin a line.
    const isWhole = (text) =>
      options.some(({ label }) => label.toLowerCase() === text.toLowerCase());
    if (isWhole(word) && !context.explicit) return null;
    return { from, options, validFor: (text) => /^[\w:]*$/.test(text) && !isWhole(text) };
  };

  function optionsIn(clause) {
    if (clause === 'tables') return [...tableOptions(), ...listOptions(lists), ...keywordOptions];
    const named = tablesNamed();
    const tables = named.length > 0 ? named : [{ table: tableCalled('objects') }];
    return [
      ...dedupe(tables.flatMap(({ table }) => columnOptions(table))),
      ...named.map(({ alias, table }) => ({
        label: alias ?? table.name,
        type: 'class',
        detail: alias === undefined ? 'table' : table.name,
        boost: -10,
      })),
      ...functionOptions,
      ...keywordOptions,
    ];
  }

  function qualifiedOptions(qualifier, named) {
    if (DATABASES.includes(qualifier.toLowerCase())) return tableOptions(qualifier.toLowerCase());
    const wanted = qualifier.toLowerCase();
    const match =
      named.find(({ alias }) => alias?.toLowerCase() === wanted)?.table ??
      named.find(({ table }) => table.name.toLowerCase() === wanted)?.table ??
      tableCalled(qualifier);
    return match === undefined ? [] : columnOptions(match);
  }

  function tablesNamed() {
    const found = [];
    for (const text of textsNow()) {
      for (const [, database, name, alias] of text.matchAll(TABLE_IN_FROM)) {
        const table = tableCalled(name, database?.toLowerCase());
        if (table !== undefined) found.push({ table, alias });
      }
    }
    return found;
  }

  function tableCalled(name, database = surveyNow()) {
    return words.surveys[database]?.find(
      (table) => table.name.toLowerCase() === name.toLowerCase(),
    );
  }

  function tableOptions(database = surveyNow()) {
    return words.surveys[database].map(({ name, about, columns }) => ({
      label: name,
      type: 'class',
      detail: `${columns.length} columns`,
      info: () => note(about),
      boost: 20,
    }));
  }
}

const columnsOf = new WeakMap();
function columnOptions(table) {
  if (table === undefined) return [];
  if (!columnsOf.has(table)) {
    const options = table.columns.map(({ name, unit, type, meaning }) => ({
      label: name,
      type: 'property',
      detail: unit ?? type,
      info: () => note(meaning, table.name),
      boost: 10,
    }));
    columnsOf.set(table, options);
  }
  return columnsOf.get(table);
}

function listOptions({ watchlist, area, annotator }) {
  const of = (token, lists) =>
    lists.map(({ key, name }) => ({
      label: `${token}:${key}`,
      type: 'class',
      detail: name === key ? '' : name,
    }));
  return [
    ...of('watchlist', watchlist),
    ...of('area', area),
    ...of('annotator', annotator),
    { label: 'watchlist:', type: 'keyword', detail: 'number of a watchlist' },
    { label: 'area:', type: 'keyword', detail: 'number of a watchmap' },
    { label: 'annotator:', type: 'keyword', detail: 'name of an annotator' },
  ];
}

function clauseOf(before, part) {
  if (part === 'tables') return 'tables';
  if (part !== 'statement') return 'values';
  const last = [...before.matchAll(CLAUSE)].at(-1)?.[1].toLowerCase();
  return last === 'from' || last === 'join' ? 'tables' : 'values';
}

function isInsideText(context) {
  const node = syntaxTree(context.state).resolveInner(context.pos, -1);
  return /String|Comment|Number/.test(node.name);
}

function putCall(name, signature) {
  return (view, _completion, from, to) => {
    const hasBracket = view.state.sliceDoc(to, to + 1) === '(';
    const isEmpty = /\(\s*\)/.test(signature);
    const text = hasBracket ? name : `${name}()`;
    const cursor = from + (hasBracket || isEmpty ? text.length : text.length - 1);
    view.dispatch({
      changes: { from, to, insert: text },
      selection: { anchor: cursor },
      userEvent: 'input.complete',
    });
  };
}

/** The same name in several tables is offered once. */
function dedupe(options) {
  const seen = new Set();
  return options.filter(({ label }) => !seen.has(label) && seen.add(label));
}

function note(text, title) {
  const element = document.createElement('div');
  if (title !== undefined) {
    const head = document.createElement('div');
    head.style.color = 'var(--muted)';
    head.textContent = title;
    element.append(head);
  }
  element.append(text);
  return element;
}
