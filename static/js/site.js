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
  button.hidden = false;
  button.addEventListener('click', async () => {
    await window.navigator.clipboard.writeText(button.dataset.copy);
    const before = button.textContent;
    button.textContent = 'Copied';
    window.setTimeout(() => (button.textContent = before), 1500);
  });
}

const filter = document.getElementById('schema-filter');
if (filter) {
  filter.addEventListener('input', () => {
    const wanted = filter.value.trim().toLowerCase();
    for (const table of document.querySelectorAll('details.schema-table')) {
      let matches = 0;
      for (const row of table.querySelectorAll('tbody tr')) {
        row.hidden = wanted !== '' && !row.textContent.toLowerCase().includes(wanted);
        if (!row.hidden) matches++;
      }
      table.hidden = matches === 0;
      table.open = wanted !== '' && matches > 0;
    }
  });
}

const reload = document.querySelector('[data-reload-seconds]');
if (reload) {
  window.setInterval(
    () => {
      const isReading = document.hidden || document.activeElement !== document.body;
      if (!isReading && window.scrollY < 200) window.location.reload();
    },
    Number(reload.dataset.reloadSeconds) * 1000,
  );
}

for (const place of document.querySelectorAll('[data-origin]')) {
  place.textContent = window.location.origin;
}
