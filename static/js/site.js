const toggle = document.getElementById('theme-toggle');
toggle.hidden = false;
toggle.addEventListener('click', () => {
  const root = document.documentElement;
  root.dataset.bsTheme = root.dataset.bsTheme === 'dark' ? 'light' : 'dark';
  try {
    localStorage.setItem('glint-theme', root.dataset.bsTheme);
  } catch {
    // Without storage the choice lasts for this page.
  }
  document.dispatchEvent(new window.CustomEvent('glint-theme'));
});

for (const image of document.querySelectorAll('img.stamp')) {
  const mark = () => image.closest('.stamp-frame').classList.add('is-missing');
  if (image.complete && image.naturalWidth === 0 && image.src !== '') mark();
  image.addEventListener('error', mark);
}

for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = !window.navigator.clipboard;
  button.addEventListener('click', async () => {
    await window.navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add('is-done');
    window.setTimeout(() => button.classList.remove('is-done'), 1500);
  });
}

// Where all columns are shown they are filtered as one types; elsewhere the form asks for others.
const schema = document.querySelector('#schema-search[data-whole]');
if (schema) {
  const filter = document.getElementById('schema-filter');
  const tables = [...document.querySelectorAll('details.schema-table')];
  const wasOpen = tables.map((table) => table.open);
  filter.addEventListener('input', () => {
    const wanted = filter.value.trim().toLowerCase();
    tables.forEach((table, i) => {
      for (const group of table.querySelectorAll('.schema-group')) {
        let matches = 0;
        for (const row of group.querySelectorAll('tbody tr')) {
          row.hidden = wanted !== '' && !row.textContent.toLowerCase().includes(wanted);
          if (!row.hidden) matches++;
        }
        group.hidden = matches === 0;
      }
      table.hidden = table.querySelector('.schema-group:not([hidden])') === null;
      table.open = wanted === '' ? wasOpen[i] : !table.hidden;
    });
  });
}

/** Opens what hides the place that the address names: not every browser does so by itself. */
function revealTarget() {
  const target = document.getElementById(window.location.hash.slice(1));
  const closed = target?.closest('details:not([open])');
  if (!closed) return;
  closed.open = true;
  target.scrollIntoView();
}
revealTarget();
window.addEventListener('hashchange', revealTarget);

/** Brings the numbers of a page that says so up to date, unless somebody is using it. */
async function refresh() {
  const main = document.getElementById('main');
  const isBusy =
    document.hidden ||
    (main !== document.activeElement && main.contains(document.activeElement)) ||
    main.querySelector('.sky-card:not([hidden])') !== null;
  if (isBusy || !document.getSelection().isCollapsed) return;
  try {
    const answer = await fetch(window.location.href);
    if (!answer.ok) return;
    const page = new window.DOMParser().parseFromString(await answer.text(), 'text/html');
    const open = [...main.querySelectorAll('details')].map((each) => each.open);
    main.replaceChildren(...page.getElementById('main').childNodes);
    main.querySelectorAll('details').forEach((each, i) => (each.open = open[i] ?? false));
    document.dispatchEvent(new window.CustomEvent('glint-refresh'));
  } catch {
    // The site may be restarting: the next turn tries again.
  }
}

const refreshed = document.querySelector('[data-refresh-seconds]');
if (refreshed) window.setInterval(refresh, Number(refreshed.dataset.refreshSeconds) * 1000);

for (const place of document.querySelectorAll('[data-origin]')) {
  place.textContent = window.location.origin;
}
