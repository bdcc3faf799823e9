// Loaded before anything is painted, so that no page flashes in the wrong colours.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const chosen = () => {
    try {
      return localStorage.getItem('glint-theme');
    } catch {
      return null;
    }
  };
  const apply = () => {
    root.dataset.bsTheme = chosen() ?? (dark.matches ? 'dark' : 'light');
  };
  apply();
  dark.addEventListener('change', () => {
    apply();
    document.dispatchEvent(new window.CustomEvent('glint-theme'));
  });
})();
