// The panel beside the editor: tables with their columns, and functions, found as one types. A click
// puts the name into the text.
const MOST_SHOWN = 150;

/**
 * Fills the panel in place of the links that are there without scripts.
 *
 * @param insert - Puts a text where the cursor of the editor is.
 */
export function fillReference(panel, words, surveyNow, insert) {
  const list = panel.querySelector('.reference-list');
  const filter = panel.querySelector('input');
  panel.querySelector('.reference-filter').hidden = false;
  filter.addEventListener('input', show);
  document.addEventListener('glint-survey', show);
  list.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-insert]');
    if (button !== null) insert(button.dataset.insert);
  });
  show();

  function show() {
    const wanted = filter.value.trim().toLowerCase();
    const tables = words.surveys[surveyNow()];
    list.replaceChildren(...(wanted === '' ? whole(tables) : found(tables, wanted)));
  }

  function whole(tables) {
    return [
      ...tables.map((table, i) =>
        section(table.name, `${table.columns.length}`, table.about, i === 0, () =>
          table.columns.map(columnRow),
        ),
      ),
      element('p', 'reference-head', 'Functions'),
      ...words.functionGroups.map(({ name, functions }) =>
        section(name, `${functions.length}`, '', false, () => functions.map(functionRow)),
      ),
    ];
  }

  function found(tables, wanted) {
    const holds = (...texts) => texts.some((text) => text?.toLowerCase().includes(wanted));
    // Names that begin so come first.
    const rank = ({ name }) => (name.toLowerCase().startsWith(wanted) ? 0 : holds(name) ? 1 : 2);
    const ranked = (entries) => entries.sort((a, b) => rank(a) - rank(b));
    const sections = tables.flatMap((table) => {
      const own = holds(table.name)
        ? table.columns
        : ranked(table.columns.filter(({ name, unit, meaning }) => holds(name, unit, meaning)));
      return own.length === 0
        ? []
        : [
            section(table.name, `${own.length}`, '', true, () =>
              own.slice(0, MOST_SHOWN).map(columnRow),
            ),
          ];
    });
    const functions = ranked(
      words.functionGroups
        .flatMap((group) => group.functions)
        .filter(({ name, meaning }) => holds(name, meaning)),
    );
    if (functions.length > 0) {
      sections.push(
        section('Functions', `${functions.length}`, '', true, () => functions.map(functionRow)),
      );
    }
    return sections.length > 0 ? sections : [element('p', 'nothing', 'Nothing is called so.')];
  }
}

/** Rows are made when the section opens: objects has hundreds. */
function section(title, count, about, isOpen, rows) {
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  summary.append(element('span', 'id', title), element('span', 'count', count));
  details.append(summary);
  const fill = () => {
    if (!details.open || details.children.length > 1) return;
    if (about !== '') details.append(element('p', 'hint', about));
    const list = document.createElement('ul');
    list.append(...rows());
    details.append(list);
  };
  details.addEventListener('toggle', fill);
  details.open = isOpen;
  fill();
  return details;
}

function columnRow({ name, unit, type, meaning }) {
  return row(name, name, unit ?? type, meaning);
}

function functionRow({ name, signature, meaning }) {
  return row(signature, `${name}(`, '', meaning);
}

function row(label, insert, unit, meaning) {
  const item = document.createElement('li');
  const button = element('button', 'word', label);
  button.type = 'button';
  button.dataset.insert = insert;
  item.append(button, element('span', 'unit', unit), element('span', 'meaning', meaning));
  return item;
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
