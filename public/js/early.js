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

  const languages = [kept('hihi/language'), ...navigator.languages];
  const known = languages.map((tag) => /^(en|zh)\b/i.exec(tag ?? '')?.[1].toLowerCase()).find(Boolean);
  root.lang = known === 'zh' ? 'zh-CN' : 'en';
  root.classList.add('scripted');
})();
