import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rightsOf, roleAfter } from '../../public/js/rights.js';

const offered = (role) => Object.entries(rightsOf(role)).filter(([, may]) => may).map(([right]) => right).join(' ');

test('MS13 each role is offered what the server lets it do', () => {
  const table = {
    visitor: '', guest_member: '', member: 'invite', owner: 'invite manage moderate', admin: 'invite manage moderate admin', tomorrow: '',
  };
  for (const [role, rights] of Object.entries(table)) assert.equal(offered(role), rights, role);
  assert.equal(offered(undefined), '');
});

test('a room’s new owner is told by its frame, and so is the one before', () => {
  const ann = { id: 'a', kind: 'guest' };
  const bo = { id: 'b', kind: 'account' };
  assert.equal(roleAfter('owner', ann, bo), 'guest_member');
  assert.equal(roleAfter('member', bo, bo), 'owner');
  assert.equal(roleAfter('owner', bo, ann), 'member');
  assert.equal(roleAfter('visitor', ann, bo), 'visitor');
  assert.equal(roleAfter('admin', bo, bo), 'admin');
});
