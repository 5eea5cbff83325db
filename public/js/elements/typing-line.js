// Who is writing. Its line is always there, so nothing moves when somebody starts.

import { write } from '../dom.js';
import { t } from '../i18n/index.js';
import { SessionElement } from './session-element.js';

class TypingLine extends SessionElement {
  entered(on) {
    on('typing', () => this.render());
  }

  render() {
    const [a, b, more] = this.session.typing.names;
    if (more) write(this, t('typing.many'));
    else if (b) write(this, t('typing.two', { a, b }));
    else write(this, a ? t('typing.one', { a }) : '');
  }
}

customElements.define('hihi-typing', TypingLine);
