// What this room is, who is here, and what one can do with it.

import { write } from '../dom.js';
import { formatSome } from '../format.js';
import { t } from '../i18n/index.js';
import { showStack } from './avatar.js';
import { SessionElement } from './session-element.js';

const MOST = 5;

class RoomHeader extends SessionElement {
  entered(on) {
    on('room', () => this.render());
    on('people', () => this.render());
  }

  render() {
    const { name, room, people } = this.session;
    write(this.querySelector('h1'), room?.name ?? name);
    this.querySelector('.room-header__private').hidden = room?.access !== 'private';
    const description = this.querySelector('.room-header__description');
    write(description, room?.description ?? '');
    description.title = room?.description ?? '';
    const names = formatSome(people.online, people.onlineCount);
    showStack(this.querySelector('.avatars'), people.online, people.onlineCount, t('chat.online', { names }), MOST);
  }
}

customElements.define('hihi-room-header', RoomHeader);
