// While one types: what the server says of the text, under the word it means.
import { rangeOf } from './editor.js';

const WAIT_MS = 400;

/**
 * @param editors - All editors of the form.
 * @returns What is to be called after each change.
 */
export function liveCheck(form, editors, status) {
  let timer;
  let asked;

  async function ask() {
    asked?.abort();
    asked = new window.AbortController();
    try {
      const answer = await fetch('/query/check', {
        method: 'POST',
        body: new window.URLSearchParams(new window.FormData(form)),
        headers: { Accept: 'application/json' },
        signal: asked.signal,
      });
      if (!answer.ok) throw new Error(`${answer.status}`);
      show(await answer.json());
    } catch (err) {
      if (err.name === 'AbortError') return;
      // The check is a courtesy: running the query says what is wrong as well.
      show({ outcome: 'unknown' });
    }
  }

  function show({ outcome, problem, advice, spot, summary }) {
    for (const editor of editors) editor.mark();
    // What was refused before was another text.
    document.getElementById('query-refusal')?.remove();
    status.className = 'query-status';
    status.replaceChildren();
    if (outcome === 'fine') {
      status.classList.add('is-fine');
      status.textContent = summary;
    }
    if (outcome !== 'wrong') return;
    const editor = editors.find(({ part }) => part === spot?.part);
    const message = advice === undefined ? problem : `${problem}; ${advice}`;
    if (editor === undefined || spot === undefined) {
      status.classList.add('is-wrong');
      status.textContent = message;
      return;
    }
    const range = rangeOf(editor, spot);
    // Whoever still writes at the end has not made a mistake yet.
    const isUnfinished =
      editor.view.hasFocus && range.to >= editor.text().trimEnd().length && !/mean/.test(message);
    if (!isUnfinished) {
      editor.mark(range, message);
      status.classList.add('is-wrong');
    }
    const place = editor.part === 'statement' ? `Line ${spot.line}, column ${spot.column}: ` : '';
    status.append(`${place}${message}`);
    offerCure(editor, range, advice, status);
  }

  return {
    soon() {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => void ask(), WAIT_MS);
    },
    show,
  };
}

/** "did you mean gmag?" can be had at a click. */
export function offerCure(editor, range, advice, place) {
  const meant = /^did you mean ([\w.]+)\?$/.exec(advice ?? '')?.[1];
  if (meant === undefined) return;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'btn btn-sm btn-outline-primary cure';
  button.textContent = `Use ${meant}`;
  button.addEventListener('click', () => {
    const written = editor.view.state.sliceDoc(range.from, range.to);
    // Only the last name of objects.gmagg is wrong.
    const kept = meant.includes('.') ? 0 : written.lastIndexOf('.') + 1;
    editor.view.dispatch({
      changes: { from: range.from + kept, to: range.to, insert: meant },
    });
    editor.view.focus();
  });
  place.append(' ', button);
}
