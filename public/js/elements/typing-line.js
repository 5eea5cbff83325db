// Who is writing, or else who joined and left just now. Its line is always there, so nothing moves when somebody starts.

import '../i18n/more.js';
import { Comings } from '../comings.js';
import { write } from '../dom.js';
import { formatSome } from '../format.js';
import { t } from '../i18n/index.js';
import { showsComings } from '../notices.js';
import { clock, storeOf } from '../page.js';
import { SessionElement } from './session-element.js';

/** Of many the first two are named. */
const NAMED = 2;

class TypingLine extends SessionElement {
  #comings = new Comings(() => this.render(), clock);

  entered(on) {
    this.#comings.clear();
    on('typing', () => this.render());
    on('comings', ({ detail }) => {
      if (detail.joined.length + detail.left.length > 0 && showsComings(storeOf(this.session.me))) this.#comings.heard(detail);
    });
  }

  render() {
    const [a, b, more] = this.session.typing.names;
    if (more) write(this, t('typing.many'));
    else if (b) write(this, t('typing.two', { a, b }));
    else write(this, a ? t('typing.one', { a }) : this.#came);
  }

  get #came() {
    const { joined, left } = this.#comings;
    const names = { joined: formatSome(joined, joined.length, NAMED), left: formatSome(left, left.length, NAMED) };
    if (left.length === 0) return joined.length === 0 ? '' : t('comings.joined', names);
    return t(joined.length === 0 ? 'comings.left' : 'comings.both', names);
  }
}

customElements.define('hihi-typing', TypingLine);
