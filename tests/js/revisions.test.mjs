import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quoteOf, revise } from '../../public/js/revisions.js';
import { ann, bo, message, person } from './support/world.mjs';

const change = (type, rest = {}) => ({ type, seq: 9, at: 9, id: 'c9', by: bo, target: 1, ...rest });
const made = (item, ...frames) => {
  for (const frame of frames) revise(item, frame);
  return item;
};
const reacted = (by, reaction, on = true) => change('reacted', { by, reaction, on });
const shown = ({ reactions = [] }) => reactions.map(({ reaction, people }) => `${reaction} ${people.map(({ name }) => name)}`);

test('MS9 an edit changes text, mentions and the time of the edit', () => {
  const item = made(message(1, { text: 'before' }), change('edited', { text: 'after', mentions: [ann] }));
  assert.deepEqual([item.text, item.mentions, item.edited], ['after', [ann], 9]);
});

test('an older edit that is said again does not come back', () => {
  const item = made(message(1), change('edited', { text: 'new', at: 12 }), change('edited', { text: 'old', at: 11 }));
  assert.equal(item.text, 'new');
});

test('an edit of what was deleted since says nothing', () => {
  const item = made(message(1, { text: 'there' }), change('edited', { text: '' }));
  assert.deepEqual([item.text, item.edited], ['there', undefined]);
});

test('MS10 a deleted message keeps its place and author, and nothing it said; it stays deleted', () => {
  const item = { ...message(1), edited: 3, reply: quoteOf(message(2)), mentions: [ann], reactions: [{ reaction: '👍', people: [ann] }] };
  made(item, change('deleted'), change('deleted', { at: 10 }), change('edited', { text: 'again' }), reacted(ann, '👍'));
  assert.deepEqual([item.text, item.deleted, item.reply, item.mentions, item.reactions], ['', 9, undefined, undefined, undefined]);
  assert.equal(item.author, bo);
});

test('MS12 reactions stand by first use, each person once, and go with the last one', () => {
  const item = message(1);
  made(item, reacted(ann, '🎉'), reacted(bo, '👍'), reacted(bo, '🎉'), reacted(bo, '🎉'));
  assert.deepEqual(shown(item), ['🎉 Ann,Bo', '👍 Bo']);
  made(item, reacted(ann, '🎉', false), reacted(ann, '🎉', false), reacted(bo, '👍', false));
  assert.deepEqual(shown(item), ['🎉 Bo']);
});

test('a copy that is changed leaves what it was copied from as it was', () => {
  const item = made(message(1), reacted(ann, '👍'));
  made({ ...item }, reacted(bo, '👍'), reacted(ann, '👍', false));
  assert.deepEqual(shown(item), ['👍 Ann']);
});

test('MS11 a quote is one line of 160 characters, also when these are emoji', () => {
  assert.equal(quoteOf(message(1, { text: ' a\n\n  b\tc ' })).text, 'a b c');
  assert.equal(quoteOf(message(1, { text: '😀'.repeat(200) })).text, '😀'.repeat(160));
});

test('MS11 quotes follow their target: what it says now, that it was deleted', () => {
  const answer = { ...message(5), reply: quoteOf(message(1, { text: 'before' })) };
  made(answer, change('edited', { text: 'after\nall' }));
  assert.deepEqual(answer.reply, { seq: 1, author: bo, text: 'after all' });
  made(answer, reacted(ann, '👍'), change('deleted'), change('edited', { text: 'again' }));
  assert.deepEqual(answer.reply, { seq: 1, author: bo, deleted: true });
  assert.equal(answer.text, 'text 5');
});

test('changes of other messages change nothing here', () => {
  const item = { ...message(2), reply: quoteOf(message(3)) };
  const before = structuredClone(item);
  made(item, change('edited', { text: 'x' }), change('deleted'), reacted(ann, '👍'));
  assert.deepEqual(item, before);
});

test('an account that is gone takes its messages along, or leaves them under no name; newer ones of that id stay', () => {
  const erased = (messages) => ({ type: 'erased', seq: 9, at: 90, id: 'e', person: bo.id, messages });
  const gone = made(message(1), erased('deleted'));
  assert.deepEqual([gone.text, gone.deleted, gone.author.kind], ['', 90, 'deleted']);
  const kept = made(message(1), erased('kept'));
  assert.deepEqual([kept.text, kept.deleted, kept.author.kind], ['text 1', undefined, 'deleted']);
  assert.equal(made(message(1, { author: ann }), erased('deleted')).author, ann);
  assert.equal(made(message(10), erased('deleted')).author, bo);
  const answer = (messages) => made({ ...message(5, { author: ann }), reply: quoteOf(message(1)) }, erased(messages)).reply;
  assert.deepEqual([answer('deleted').deleted, answer('deleted').text, answer('deleted').author.kind], [true, undefined, 'deleted']);
  assert.deepEqual([answer('kept').deleted, answer('kept').text, answer('kept').author.kind], [undefined, 'text 1', 'deleted']);
  const pending = made({ ...message(1, { author: person('Cy') }), seq: null }, erased('deleted'));
  assert.equal(pending.author.name, 'Cy');
});

test('an account that is gone takes its reactions along, also those to others', () => {
  const item = made(message(1, { author: ann }), reacted(ann, '👍'), reacted(bo, '👍'), reacted(bo, '🎉'));
  made(item, { type: 'erased', seq: 9, at: 90, id: 'e', person: bo.id, messages: 'kept' });
  assert.deepEqual(shown(item), ['👍 Ann']);
});
