// New matches go on top of the table as the server tells of them; the browser reconnects by itself.
const live = document.getElementById('live');
const body = live.querySelector('tbody');
const state = live.querySelector('.live-state');
const words = live.querySelector('.live-words');
const columns = JSON.parse(live.dataset.columns);
const most = Number(live.dataset.rows);

const say = (text, isOpen) => {
  state.hidden = false;
  state.classList.toggle('is-open', isOpen);
  words.textContent = text;
};

const shown = (value) => {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return String(Number(value.toPrecision(12)));
  return typeof value === 'string' ? value : JSON.stringify(value);
};

const cell = (...content) => {
  const made = document.createElement('td');
  made.append(...content);
  return made;
};

// They stand beside the record already.
const ids = ['objectid', 'diaobjectid'];

const valueCell = (value) => {
  const made = cell(shown(value));
  if (typeof value === 'number') made.className = 'num';
  return made;
};

const head = live.querySelector('thead tr');
const addColumns = (record) => {
  for (const name of Object.keys(record)) {
    if (columns.includes(name) || ids.includes(name.toLowerCase())) continue;
    columns.push(name);
    const made = document.createElement('th');
    made.scope = 'col';
    made.textContent = name;
    if (typeof record[name] === 'number') made.className = 'num';
    head.append(made);
  }
};

const add = (match) => {
  if (body.querySelector(`tr[data-seq="${match.seq}"]`)) return;
  addColumns(match.record);
  const link = document.createElement('a');
  link.href = `/object/${match.object}/`;
  link.textContent = match.object;
  const when = match.matchedAt.slice(0, 19).replace('T', ' ');
  const row = document.createElement('tr');
  row.dataset.seq = match.seq;
  row.className = 'is-new';
  row.append(
    cell(match.backfill ? `${when} (past night)` : when),
    cell(link),
    ...columns.map((name) => valueCell(match.record[name])),
  );
  body.prepend(row);
  while (body.rows.length > most) body.lastElementChild.remove();
  live.querySelector('.live-none').hidden = true;
  window.setTimeout(() => row.classList.remove('is-new'), 5_000);
};

const source = new window.EventSource(
  `/api/v1/filters/${live.dataset.filter}/matches?after=${live.dataset.after}`,
);
say('Connecting', false);
source.addEventListener('open', () => say('Live: new matches come by themselves', true));
source.addEventListener('match', (event) => add(JSON.parse(event.data)));
source.addEventListener('error', () => {
  const isOver = source.readyState === window.EventSource.CLOSED;
  say(isOver ? 'Not connected: reload the page' : 'The connection broke: trying again', false);
});
window.addEventListener('pagehide', () => source.close());
