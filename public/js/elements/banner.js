// Says when the room can't be heard, what happens next, and when it is over. Blips are not told.

import '../i18n/more.js';
import { write } from '../dom.js';
import { t } from '../i18n/index.js';
import { SessionElement } from './session-element.js';

const TROUBLE_MS = 2_000;
const SENTENCES = {
  connecting: 'connection.connecting',
  reconnecting: 'connection.lost',
  offline: 'connection.offline',
};

/** Event: `back`, when a trouble that was told is over. */
class Banner extends SessionElement {
  #text = this.querySelector('.banner__text');
  #again = this.querySelector('button');
  #timer = null;
  #told = false;

  connectedCallback() {
    super.connectedCallback();
    this.#again.addEventListener('click', () => this.session.check());
  }

  entered(on) {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#told = false;
    on('connection', () => this.#changed());
    this.#changed();
  }

  render() {
    const { connection, slow } = this.session;
    const sentence = this.#told && (slow ? 'connection.slow' : SENTENCES[connection.state]);
    write(this.#text, sentence ? t(sentence) : '');
    this.classList.toggle('banner--shown', Boolean(sentence));
    this.#again.hidden = !sentence;
  }

  #changed() {
    const troubled = Object.hasOwn(SENTENCES, this.session.connection.state);
    if (troubled) {
      this.#timer ??= setTimeout(() => {
        this.#told = true;
        this.render();
      }, TROUBLE_MS);
    } else {
      clearTimeout(this.#timer);
      this.#timer = null;
      if (this.#told && this.session.connection.state === 'online') this.dispatchEvent(new Event('back'));
      this.#told = false;
    }
    this.render();
  }
}

customElements.define('hihi-banner', Banner);
