import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NAMED, People } from '../../public/js/people.js';
import { ann, bo, person } from './support/world.mjs';

const names = (list) => list.map(({ name }) => name);

test('presence merges who came, went, joined and left; counts are the room’s', () => {
  const people = new People();
  people.begin({ members: 2, online: 1, people: [ann] });
  people.merge({ members: 3, online: 2, came: [bo], went: [], joined: [bo], left: [] });
  assert.deepEqual(names(people.online), ['Ann', 'Bo']);
  assert.equal(people.isOnline(bo.id), true);
  people.merge({ members: 2, online: 1, came: [], went: [ann.id], joined: [], left: [ann.id] });
  assert.deepEqual(names(people.online), ['Bo']);
  assert.deepEqual([people.memberCount, people.onlineCount], [2, 1]);
});

test('a frame without lists, as an older or newer server may send, changes only counts', () => {
  const people = new People();
  people.begin({ members: 2, online: 1, people: [ann] });
  people.merge({ members: 5, online: 1 });
  assert.deepEqual(names(people.online), ['Ann']);
  assert.equal(people.memberCount, 5);
});

test('names that don’t add up to the count are doubted while all would fit', () => {
  const people = new People();
  people.begin({ members: 2, online: 2, people: [ann] });
  assert.equal(people.doubtful, true);
  people.merge({ members: 2, online: 2, came: [bo] });
  assert.equal(people.doubtful, false);
  const crowd = Array.from({ length: NAMED }, (_, index) => person(`p${index}`));
  people.begin({ members: 900, online: 800, people: crowd });
  assert.equal(people.doubtful, false);
});

test('the first page of members starts the list anew, further ones add to it', () => {
  const people = new People();
  people.addMembers([{ ...ann, role: 'owner' }], { first: true });
  people.addMembers([{ ...bo, role: 'member' }], { first: false });
  assert.deepEqual(names(people.members), ['Ann', 'Bo']);
  people.merge({ members: 2, online: 0, joined: [bo] });
  assert.equal(people.members[1].role, 'member', 'what was known stays known');
  people.addMembers([bo], { first: true });
  assert.deepEqual(names(people.members), ['Bo']);
});
