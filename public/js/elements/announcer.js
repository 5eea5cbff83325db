// The one place that speaks new messages of others. What is loaded or repaired stays silent.

import '../i18n/more.js';
import { Announcements } from '../announcements.js';
import { h } from '../dom.js';
import { formatPerson } from '../format.js';
import { t } from '../i18n/index.js';
import { isMentioned } from '../mentions.js';
import { clock } from '../page.js';
import { SessionElement } from './session-element.js';

const KEPT = 5;

class Announcer extends SessionElement {
  #announcements = new Announcements({
    say: (message) => {
      const key = isMentioned(message, this.session.me) ? 'announce.mention' : 'announce.message';
      this.#speak(t(key, { name: formatPerson(message.author), text: message.text }));
    },
    sum: (n) => this.#speak(t('announce.many', { n })),
    clock,
  });

  entered(on) {
    this.replaceChildren();
    on('live', ({ detail: message }) => this.#announcements.hear(message));
  }

  render() {}

  #speak(text) {
    this.append(h('p', {}, text));
    while (this.childElementCount > KEPT) this.firstElementChild.remove();
  }
}

customElements.define('hihi-announcer', Announcer);
