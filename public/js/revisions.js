// What changes make of a message and of the quotes of it: edits, deletions, reactions, accounts that are gone. They come in
// order, some of them twice; each is fine twice.

/** Characters of a message that a quote shows, as the room cuts it. */
const QUOTED = 160;

/** Who stands where an account was, as the room has it; the page names them in its language. */
const NOBODY = { id: '0'.repeat(20), name: 'deleted', kind: 'deleted', avatar: '6ecb391ea0e5948136749fc5e0a13d9d' };

/** A message as an answer to it shows it. */
export function quoteOf({ seq, author, text, deleted }) {
  if (deleted) return { seq, author, deleted: true };
  return { seq, author, text: firstLine(text) };
}

function firstLine(text) {
  return [...(text ?? '').replace(/\s+/g, ' ').trim()].slice(0, QUOTED).join('');
}

/** Makes the change `frame` (edited, deleted, reacted or erased) of an item, if it is about it or what it quotes. */
export function revise(item, frame) {
  if (frame.type === 'erased') return erase(item, frame);
  if (item.reply?.seq === frame.target) item.reply = requoted(item.reply, frame);
  if (item.seq === frame.target && !item.deleted) makes[frame.type](item, frame);
  return undefined;
}

const makes = {
  edited(item, { text, mentions, at }) {
    // Said again after a later one, or of a message that was deleted since: that is told as well.
    if (text === '' || at < item.edited) return;
    Object.assign(item, { text, mentions, edited: at });
  },
  deleted(item, { at }) {
    bury(item, at);
  },
  reacted(item, { reaction, on, by: { id, name } }) {
    const people = peopleOf(item, reaction);
    if (people.some((person) => person.id === id) === on) return;
    if (!on) withdraw(item, reaction, id);
    else if (people.length === 0) item.reactions = [...(item.reactions ?? []), { reaction, people: [{ id, name }] }];
    else item.reactions = item.reactions.map((one) => (one.reaction === reaction ? { reaction, people: [...people, { id, name }] } : one));
  },
};

function peopleOf({ reactions = [] }, reaction) {
  return reactions.find((one) => one.reaction === reaction)?.people ?? [];
}

/** Takes a person's reaction away, or all of theirs. */
function withdraw(item, reaction, id) {
  const without = (one) => ({ ...one, people: one.people.filter((person) => person.id !== id) });
  item.reactions = item.reactions?.map((one) => (reaction === null || one.reaction === reaction ? without(one) : one)).filter(({ people }) => people.length > 0);
}

function bury(item, at) {
  Object.assign(item, { text: '', deleted: at, reply: undefined, mentions: undefined, reactions: undefined });
}

function requoted(reply, { type, text }) {
  if (type === 'deleted') return { seq: reply.seq, author: reply.author, deleted: true };
  return type === 'edited' && text !== '' && !reply.deleted ? { ...reply, text: firstLine(text) } : reply;
}

/** Reactions go in either case. */
function erase(item, { seq, at, person, messages }) {
  if (!(item.seq > seq)) withdraw(item, null, person);
  if (item.seq < seq && item.author.id === person) {
    if (messages === 'deleted' && !item.deleted) bury(item, at);
    item.author = NOBODY;
  }
  if (item.reply?.seq < seq && item.reply.author?.id === person) {
    item.reply = messages === 'deleted' ? { seq: item.reply.seq, author: NOBODY, deleted: true } : { ...item.reply, author: NOBODY };
  }
}
