// Runs before the first paint, as the page's only classic script, so that nobody sees the wrong
// theme or language for a moment. What is kept here is written by elements/preferences.js.
(() => {
  const root = document.documentElement;
  const kept = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };

  const theme = kept('hihi/theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;

  // The colour of the window round the page goes by the theme of the page, also when that isn't the system's.
  const [light, dark] = document.querySelectorAll('meta[name=theme-color]');
  const tint = () => {
    const { theme: chosen } = root.dataset;
    light.media = chosen ? (chosen === 'light' ? 'all' : 'not all') : '(prefers-color-scheme: light)';
    dark.media = chosen ? (chosen === 'dark' ? 'all' : 'not all') : '(prefers-color-scheme: dark)';
  };
  tint();
  new MutationObserver(tint).observe(root, { attributeFilter: ['data-theme'] });

  const languages = [kept('hihi/language'), ...navigator.languages];
  const known = languages.map((tag) => /^(en|zh)\b/i.exec(tag ?? '')?.[1].toLowerCase()).find(Boolean);
  root.lang = known === 'zh' ? 'zh-CN' : 'en';

  // Pages in a frame of somebody's own page are without what leads elsewhere.
  if (new URLSearchParams(location.search).get('embed') === '1') root.dataset.embed = '';

  // Its sentences are imported by i18n/index.js, at the end of a chain they need not wait for.
  for (const part of { room: [''], all: ['', '-more'] }[document.currentScript.dataset.speaks] ?? []) {
    document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href: `/js/i18n/${root.lang}${part}.js` }));
  }

  // The youngest things the pages are built on; without them they would be half there.
  const modern = CSS.supports('color', 'light-dark(red, red)') && 'toSorted' in Array.prototype;
  root.classList.add(modern ? 'scripted' : 'outdated');
})();
