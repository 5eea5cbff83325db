// The deployer's own words on a page: the site's name, its welcome and its links.

import { h, reconcile, write } from '../dom.js';
import { t } from '../i18n/index.js';
import { site } from '../site.js';

export function siteName() {
  return site().site_name ?? t('app.name');
}

export function showSite() {
  const { site_welcome: welcome, site_links: links } = site();
  for (const element of document.querySelectorAll('[data-site-name]')) write(element, siteName());
  for (const element of document.querySelectorAll('[data-site-welcome]')) {
    write(element, welcome ?? '');
    element.hidden = !welcome;
  }
  for (const element of document.querySelectorAll('[data-site-links]')) {
    element.hidden = links.length === 0;
    reconcile(element, links.filter(({ url }) => /^https?:\/\//i.test(url)), {
      key: ({ url, label }) => `${label} ${url}`,
      create: ({ url, label }) => h('a', { href: url, rel: 'noopener', dir: 'auto' }, label),
      update: () => {},
    });
  }
}
