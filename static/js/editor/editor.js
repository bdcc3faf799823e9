// One editor in place of one textarea. It lives in a shadow root: its styles are adopted there, so that
// the page needs no exception for inline ones.
import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import {
  EditorView,
  drawSelection,
  keymap,
  lineNumbers,
  placeholder,
  tooltips,
} from '@codemirror/view';

import { sqlLanguage } from './sql-language.js';
import { look } from './theme.js';

/**
 * Puts an editor where the textarea is; the textarea keeps the text for the form.
 *
 * @param onRun - Called by Ctrl-Enter.
 * @param onChange - Called after each change of the text.
 */
export function createEditor(textarea, { onRun, onChange }) {
  const part = textarea.dataset.part;
  const language = new Compartment();
  const completion = new Compartment();
  const host = document.createElement('div');
  host.className = 'editor';
  host.dataset.part = part;
  const root = host.attachShadow({ mode: 'open' });
  textarea.after(host);
  textarea.hidden = true;

  const label = document.querySelector(`label[for="${textarea.id}"]`);
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: textarea.value,
      extensions: [
        Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => (onRun(), true) }])),
        // Tab leaves the editor, as in every field, unless there is something to accept.
        keymap.of([
          { key: 'Tab', run: acceptCompletion },
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...defaultKeymap,
          ...historyKeymap,
        ]),
        ...(part === 'statement' ? [lineNumbers()] : []),
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        tooltips({ position: 'fixed' }),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          'aria-label': label?.textContent.trim() ?? part,
          spellcheck: 'false',
          autocapitalize: 'off',
        }),
        placeholder(textarea.placeholder),
        language.of(sqlLanguage([])),
        completion.of([]),
        look,
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          textarea.value = update.state.doc.toString();
          onChange();
        }),
      ],
    }),
  });
  label?.addEventListener('click', (event) => {
    event.preventDefault();
    view.focus();
  });

  return {
    part,
    view,
    host,
    text: () => view.state.doc.toString(),
    /** Functions are coloured and completions offered from now on. */
    learn(words, source) {
      const names = words.functionGroups.flatMap((group) =>
        group.functions.map(({ name }) => name),
      );
      view.dispatch({
        effects: [
          language.reconfigure(sqlLanguage(names)),
          completion.reconfigure(
            autocompletion({ override: [source], maxRenderedOptions: 80, icons: false }),
          ),
        ],
      });
    },
    setText(text) {
      if (text === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    insert(text) {
      view.dispatch(view.state.replaceSelection(text), { scrollIntoView: true });
      view.focus();
    },
    /** Underlines the words that are wrong; none removes the line. */
    mark(range, message) {
      const diagnostics = range === undefined ? [] : [{ ...range, severity: 'error', message }];
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
  };
}

/** Where a spot of the server's lies in the text: line and column from 1, in whole characters. */
export function rangeOf(editor, { line, column, length }) {
  const { doc } = editor.view.state;
  if (line > doc.lines) return { from: doc.length, to: doc.length };
  const { from, text } = doc.line(line);
  const letters = [...text];
  const before = letters.slice(0, column - 1).join('').length;
  const meant = letters.slice(column - 1, column - 1 + length).join('').length;
  const start = from + before;
  return { from: start, to: Math.min(start + Math.max(meant, 1), doc.length) };
}
