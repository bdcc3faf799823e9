// How the editor looks. Its colours are those of the page, so that both themes hold.
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const MONO = 'var(--bs-font-monospace)';

const frame = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'transparent', fontSize: '0.875rem' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: MONO, lineHeight: '1.55', minHeight: 'var(--editor-height)' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '0.625rem 0' },
  '.cm-line': { padding: '0 0.75rem 0 0.625rem' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '.cm-gutters': {
    backgroundColor: 'transparent',
    color: 'var(--muted)',
    border: 'none',
    opacity: '0.75',
  },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 0.25rem 0 0.625rem', minWidth: '2rem' },
  '.cm-placeholder': { color: 'var(--muted)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground':
    { backgroundColor: 'color-mix(in srgb, var(--accent) 26%, transparent)' },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'color-mix(in srgb, var(--gold) 30%, transparent)',
  },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'transparent' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--wrong) 1.5px',
    textUnderlineOffset: '0.25em',
    textDecorationSkipInk: 'none',
    backgroundColor: 'color-mix(in srgb, var(--wrong) 12%, transparent)',
  },
});

const tooltips = EditorView.theme({
  '.cm-tooltip': {
    backgroundColor: 'var(--panel)',
    color: 'var(--ink)',
    border: '1px solid var(--panel-edge)',
    borderRadius: '8px',
    boxShadow: '0 6px 24px rgb(0 0 0 / 22%)',
    fontSize: '0.8125rem',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete': { overflow: 'visible' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: MONO,
    fontSize: '0.8125rem',
    maxHeight: '16rem',
    padding: '0.25rem',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    padding: '0.1875rem 0.5rem',
    borderRadius: '5px',
    display: 'flex',
    alignItems: 'baseline',
    gap: '0.75rem',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent-soft)',
    color: 'var(--ink)',
  },
  '.cm-completionIcon': { display: 'none' },
  '.cm-completionMatchedText': {
    textDecoration: 'none',
    color: 'var(--accent)',
    fontWeight: '700',
  },
  '.cm-completionDetail': {
    marginLeft: 'auto',
    fontStyle: 'normal',
    fontSize: '0.75rem',
    color: 'var(--muted)',
    fontFamily: 'var(--bs-body-font-family)',
  },
  '.cm-tooltip.cm-completionInfo': {
    padding: '0.5rem 0.75rem',
    maxWidth: '22rem',
    lineHeight: '1.4',
    fontFamily: 'var(--bs-body-font-family)',
    borderRadius: '8px',
  },
  '.cm-tooltip-lint': { fontFamily: 'var(--bs-body-font-family)' },
  '.cm-diagnostic': { borderLeft: '3px solid var(--wrong)', padding: '0.375rem 0.75rem' },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--sql-keyword)', fontWeight: '600' },
  { tag: [tags.standard(tags.name), tags.function(tags.name)], color: 'var(--sql-function)' },
  { tag: tags.string, color: 'var(--sql-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--sql-number)' },
  { tag: tags.comment, color: 'var(--muted)', fontStyle: 'italic' },
  { tag: tags.operator, color: 'var(--muted)' },
]);

export const look = [frame, tooltips, syntaxHighlighting(colours)];
