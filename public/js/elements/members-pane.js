// Where the members stand: beside the timeline when there is room, else in a drawer.

const BESIDE = matchMedia('(min-width: 68.75rem)');

export class MembersPane {
  #members;
  #beside = document.querySelector('.members-pane');
  #drawer = document.querySelector('.drawer');

  constructor(members) {
    this.#members = members;
    BESIDE.addEventListener('change', () => this.#place());
    this.#place();
    // A press beside the drawer closes it, as Esc does.
    this.#drawer.addEventListener('click', ({ target }) => target === this.#drawer && this.close());
  }

  /** Another room is open, and can be asked for its members. */
  opened() {
    this.#looked();
  }

  open() {
    if (BESIDE.matches) return;
    this.#drawer.showModal();
    this.#looked();
  }

  close() {
    if (this.#drawer.open) this.#drawer.close();
  }

  #place() {
    this.close();
    if (BESIDE.matches) this.#beside.firstElementChild.after(this.#members);
    else this.#drawer.querySelector('.drawer__body').append(this.#members);
    this.#looked();
  }

  #looked() {
    if (this.#members.session?.state === 'ready' && (BESIDE.matches || this.#drawer.open)) this.#members.look();
  }
}
