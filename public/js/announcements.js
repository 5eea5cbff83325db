// What is spoken of arriving messages: a few one by one, a burst as one number.

export const QUIET_MS = 600;
export const LONGEST_MS = 2_000;
export const ONE_BY_ONE = 3;

export class Announcements {
  #say;
  #sum;
  #clock;
  #heard = [];
  #quiet = null;
  #longest = null;

  /** `say(message)` speaks one message, `sum(count)` speaks of many. */
  constructor({ say, sum, clock }) {
    this.#say = say;
    this.#sum = sum;
    this.#clock = clock;
  }

  hear(message) {
    this.#heard.push(message);
    this.#clock.clearTimeout(this.#quiet);
    this.#quiet = this.#clock.setTimeout(() => this.#speak(), QUIET_MS);
    this.#longest ??= this.#clock.setTimeout(() => this.#speak(), LONGEST_MS);
  }

  #speak() {
    const heard = this.#heard;
    this.#heard = [];
    this.#clock.clearTimeout(this.#quiet);
    this.#clock.clearTimeout(this.#longest);
    this.#longest = null;
    if (heard.length > ONE_BY_ONE) this.#sum(heard.length);
    else heard.forEach((message) => this.#say(message));
  }
}
