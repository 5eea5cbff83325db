// What one person says in a room and does to its messages, from the moment they did it until the room has it or refuses
// it: seen in the timeline at once, handed over when there is a way.

import { ApiError } from './api.js';
import { Outbox } from './outbox.js';
import { quoteOf } from './revisions.js';

export class Outgoing {
  #outbox;
  /** Comes with the first change. */
  #changes = null;
  #timeline;
  #hand;
  #changed;
  #newId;
  #clock;

  /**
   * `hand(frame)` gives a frame to the room and says whether it could; `changed()` is told when something else is to be
   * seen, `failed(error)` when a message was refused or had no answer.
   */
  constructor({ store, room, timeline, hand, changed, failed, newId, clock }) {
    this.#timeline = timeline;
    this.#hand = hand;
    this.#changed = changed;
    this.#newId = newId;
    this.#clock = clock;
    this.#outbox = new Outbox({
      store,
      room,
      clock,
      transmit: ({ id, text, reply, mentions }) => hand({ type: 'send', id, text, reply_to: reply?.seq, mentions: idsOf(mentions) }),
      changed: ({ id, state, error }) => {
        timeline.mark(id, state, error);
        if (state === 'failed') failed(error);
        changed();
      },
    });
  }

  /** The messages that the room has not acknowledged, as the outbox has them. */
  get messages() {
    return this.#outbox.entries;
  }

  /** Whether a message waits for the room. */
  get waits() {
    return this.messages.some(({ state }) => state === 'pending');
  }

  /** What was written before this page was opened stands in its timeline again. */
  begin() {
    for (const entry of this.messages) this.#timeline.write(entry);
  }

  /** The item with what I did to it. */
  over(item) {
    return this.#changes?.over(item) ?? item;
  }

  /** `answered` is the item that it answers. */
  write(text, { answered, mentions }) {
    this.#timeline.write(this.#outbox.add(this.#newId(), text, { reply: answered && quoteOf(answered), mentions }));
    this.#changed();
  }

  /** `what` is the frame without its mentions and id, `shown` what the room will say of it. Rejects with an ApiError. */
  async change(what, { mentions, ...shown }) {
    const frame = { id: this.#newId(), ...what, ...(mentions && { mentions: idsOf(mentions) }) };
    try {
      const { Changes } = await import('./changes.js');
      this.#changes ??= new Changes({ transmit: this.#hand, changed: this.#changed, clock: this.#clock });
      // Clocks differ; what I do now comes after what was done.
      const at = Math.max(this.#clock.now(), this.#timeline.find(frame.seq)?.edited ?? 0);
      await this.#changes.make(frame, { ...shown, mentions, at, target: frame.seq });
    } catch ({ code = 'unreachable', field, limit }) {
      throw new ApiError({ code, field, limit });
    }
  }

  /** Hands over what waits. */
  flush() {
    this.#outbox.flush();
    this.#changes?.flush();
  }

  /** The way to the room is gone: what was on it will be handed over again. */
  pause() {
    this.#outbox.pause();
    this.#changes?.pause();
  }

  /** The room has it. What it was shown as, if it was a change. */
  settle(id) {
    this.#outbox.settle(id);
    return this.#changes?.settle(id);
  }

  refuse(id, error) {
    if (!this.#changes?.fail(id, error)) this.#outbox.fail(id, error);
  }

  /** None of the messages that wait can be said. */
  refuseAll(error) {
    for (const { id, state } of this.messages) if (state === 'pending') this.#outbox.fail(id, error);
  }

  /** The room wants it later. */
  postpone(id, error) {
    if (!this.#changes?.postpone(id, error)) this.#outbox.postpone(id, error);
  }

  /** The room left out a part of what was said. */
  doubt() {
    this.#outbox.doubt();
  }

  retry(id) {
    this.#outbox.retry(id);
  }

  discard(id) {
    this.#outbox.remove(id);
    this.#timeline.discard(id);
    this.#changed();
  }
}

function idsOf(people) {
  return people?.length > 0 ? people.map(({ id }) => id) : undefined;
}
