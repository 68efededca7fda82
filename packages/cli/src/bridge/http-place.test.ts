import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openHttpPlace } from './http-place.ts';

/** A bridge that has begun to listen on this port. */
function listening(state: string, port: number) {
  const place = openHttpPlace(state, 'server', port);
  place.keepPort(port);
  return place;
}

test('two bridges of one server on different ports each keep the sessions of their own hosts', () => {
  const state = mkdtempSync(join(tmpdir(), 'mcp-tasks-http-'));
  const [first, second] = [listening(state, 4101), listening(state, 4102)];
  first.sessions.add('a', { of: 'first' });
  second.sessions.add('b', { of: 'second' });
  first.sessions.add('c', { of: 'first' });
  const found = [4101, 4102].map((port) => {
    const { sessions } = openHttpPlace(state, 'server', port);
    return ['a', 'b', 'c'].filter((id) => sessions.find(id) !== undefined);
  });
  expect(found).toEqual([['a', 'c'], ['b']]);
  expect(first.token).toBe(second.token);
});

test("a bridge without a port reuses its last port and that port's sessions", () => {
  const state = mkdtempSync(join(tmpdir(), 'mcp-tasks-http-'));
  expect(openHttpPlace(state, 'server', undefined).port).toBe(0);
  listening(state, 4101).sessions.add('a', {});
  const again = openHttpPlace(state, 'server', undefined);
  expect([again.port, again.sessions.find('a')]).toEqual([4101, '{}']);
});

test('an explicit port does not replace the saved port', () => {
  const state = mkdtempSync(join(tmpdir(), 'mcp-tasks-http-'));
  openHttpPlace(state, 'server', undefined).keepPort(4101);
  listening(state, 4102);
  expect(openHttpPlace(state, 'server', undefined).port).toBe(4101);
});
