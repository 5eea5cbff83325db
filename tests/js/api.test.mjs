import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api, ApiError, livePath } from '../../public/js/api.js';

function answering(...answers) {
  const asked = [];
  const api = new Api(async (path, { method, body, headers }) => {
    asked.push({ path, method, body, headers });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { api, asked };
}

const json = (status, value) => new Response(JSON.stringify(value), { status });

test('a room’s name is one part of the path, whatever it holds', async () => {
  const { api, asked } = answering(json(200, {}), json(200, {}));
  await api.room('a/b %?#你');
  await api.messages('lobby', { before: 7 });
  assert.deepEqual(asked.map(({ path }) => path), ['/api/rooms/a%2Fb%20%25%3F%23%E4%BD%A0', '/api/rooms/lobby/messages?before=7']);
  assert.equal(livePath('a/b', 0, 'e 1'), '/api/rooms/a%2Fb/live?since=0&epoch=e+1&batch=1');
  assert.equal(livePath('a'), '/api/rooms/a/live?batch=1');
});

test('a body goes out as JSON, and only then with its type', async () => {
  const { api, asked } = answering(json(201, {}), new Response(null, { status: 204 }));
  await api.enter('Ann');
  assert.equal(await api.logOut(), null);
  assert.deepEqual(asked[0].headers, { 'content-type': 'application/json' });
  assert.equal(asked[0].body, '{"name":"Ann"}');
  assert.equal(asked[1].headers, undefined);
});

test('a refusal comes out with code, field and limit', async () => {
  const { api } = answering(json(422, { error: { code: 'too_long', field: 'name', limit: 32 } }));
  await assert.rejects(api.enter('x'), (error) => {
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.code, error.field, error.limit, error.status, error.passing], ['too_long', 'name', 32, 422, false]);
    return true;
  });
});

test('SE8 what came too soon says when it will do, also in the words of what stands before the server', async () => {
  const headers = { 'retry-after': '30' };
  const cases = [
    [json(429, { error: { code: 'slow_down', retry_after: 12 } }), ['slow_down', 12]],
    [new Response('<html>', { status: 429, headers }), ['slow_down', 30]],
    [new Response('<html>', { status: 429 }), ['slow_down', undefined]],
  ];
  for (const [answer, expected] of cases) {
    const { api } = answering(answer);
    await assert.rejects(api.session(), ({ code, retryAfter, passing }) => assert.deepEqual([code, retryAfter, passing], [...expected, true]) ?? true);
  }
});

test('ST7 whatever goes wrong on the way is an error with a code', async () => {
  const timeout = Object.assign(new Error('slow'), { name: 'TimeoutError' });
  const cases = [
    [new TypeError('failed to fetch'), 'unreachable', true],
    [timeout, 'no_answer', true],
    [new Response('<html>', { status: 502 }), 'busy', true],
    [new Response('<html>', { status: 200 }), 'bad_answer', false],
    [json(503, { error: { code: 'busy' } }), 'busy', true],
    [json(418, null), 'bad_answer', false],
  ];
  for (const [answer, code, passing] of cases) {
    const { api } = answering(answer);
    await assert.rejects(api.session(), (error) => error.code === code && error.passing === passing, code);
  }
});
