// The query page's editor, completion, live check and panel of tables.
import { liveCheck, offerCure } from './check.js';
import { completions } from './completion.js';
import { createEditor, rangeOf } from './editor.js';
import { fillReference } from './reference.js';

const form = document.getElementById('query-form');
const status = document.getElementById('query-status');
const reference = document.getElementById('query-reference');

const surveyNow = () => new window.FormData(form).get('survey') ?? 'ztf';
let check;
const editors = [...form.querySelectorAll('textarea[data-part]')].map((textarea) =>
  createEditor(textarea, {
    onRun: () => form.requestSubmit(form.querySelector('#run')),
    onChange: () => check?.soon(),
  }),
);
check = liveCheck(form, editors, status);
status.hidden = false;

let last = editors[0];
for (const editor of editors) {
  editor.host.addEventListener('focusin', () => (last = editor));
}

markRefusal();
document.documentElement.dataset.editor = 'ready';
await learnWords();

/** What the server refused when the page was made is underlined at once. */
function markRefusal() {
  const refusal = document.getElementById('query-refusal');
  if (refusal === null) return;
  const { part, line, column, length, message, advice } = refusal.dataset;
  const editor = editors.find((each) => each.part === part);
  if (editor === undefined) return;
  const spot = { line: Number(line), column: Number(column), length: Number(length) };
  const range = rangeOf(editor, spot);
  editor.mark(range, message);
  offerCure(editor, range, advice, refusal.querySelector('.message'));
  editor.view.dispatch({ selection: { anchor: range.from }, scrollIntoView: true });
  editor.view.focus();
}

async function learnWords() {
  const lists = JSON.parse(document.getElementById('query-lists').textContent);
  try {
    const answer = await fetch(form.dataset.words);
    if (!answer.ok) throw new Error(`${answer.status}`);
    const words = await answer.json();
    const textsNow = () =>
      editors.map((editor) => (editor.part === 'tables' ? `from ${editor.text()}` : editor.text()));
    for (const editor of editors) {
      editor.learn(words, completions(words, lists, surveyNow, editor.part, textsNow));
    }
    fillReference(reference, words, surveyNow, (text) => last.insert(text));
  } catch (err) {
    // Without the words the editor colours and runs; the list of tables stays a list of links.
    console.info('no completion: the words of the schema did not come', err);
  }
  document.documentElement.dataset.editor = 'learned';
}

form.addEventListener('change', (event) => {
  if (event.target.name === 'survey') {
    check.soon();
    document.dispatchEvent(new window.CustomEvent('glint-survey'));
  }
  if (event.target.dataset.picks !== undefined) pick(event.target);
});

/** A table or list that is picked joins the FROM box at once. */
function pick(select) {
  const editor = editors.find(({ part }) => part === 'tables');
  if (select.value === '') return;
  const named = editor
    .text()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (!named.includes(select.value)) named.push(select.value);
  editor.setText(named.join(', '));
  select.value = '';
}

// A page that comes back from the browser's memory may bring a text of its own.
window.addEventListener('pageshow', () => {
  for (const textarea of form.querySelectorAll('textarea[data-part]')) {
    editors.find(({ part }) => part === textarea.dataset.part).setText(textarea.value);
  }
});
