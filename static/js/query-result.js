// The rows of a query as table, sky and plot, without asking again.
import { drawScatter } from './query-scatter.js';

document.documentElement.dataset.scripts = 'on';
const result = document.getElementById('result');
const panes = [...result.querySelectorAll('[data-pane]')];
const tabs = [...result.querySelectorAll('.tab')];
const show = (view) => {
  for (const pane of panes) pane.hidden = pane.dataset.pane !== view;
  for (const tab of tabs) {
    if (tab.dataset.view === view) tab.setAttribute('aria-current', 'true');
    else tab.removeAttribute('aria-current');
  }
  if (view === 'scatter') void drawScatter(keepAxes);
};
for (const tab of tabs) {
  tab.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(tab.dataset.view);
    keep({ view: tab.dataset.view === 'table' ? '' : tab.dataset.view });
  });
}
if (panes.some((pane) => pane.dataset.pane === 'scatter' && !pane.hidden)) {
  void drawScatter(keepAxes);
}

function keepAxes(x, y) {
  keep({ x, y });
}

/** The address stays that of what is on the screen, where the query stands in it. */
function keep(changes) {
  const address = new URL(window.location.href);
  const isPosted =
    /^\/(query|objlist)\//.test(address.pathname) &&
    !['sql', 'selected'].some((name) => address.searchParams.has(name));
  if (isPosted) return;
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  window.history.replaceState(null, '', address);
}
