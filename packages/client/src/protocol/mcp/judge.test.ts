import { expect, test } from 'vitest';
import type { About, Failure, Verdict } from '../../task/failure.ts';
import { judge } from './judge.ts';

const rpc = (code: number | null): Failure => ({ kind: 'rpc', code, message: 'no' });
const http = (status: number): Failure => ({ kind: 'http', status, message: 'no' });
const sessionGone: Failure = { kind: 'session-gone', message: 'no' };
const broken: Failure = { kind: 'transport', message: 'no' };

test.each<[About, string, Failure, Verdict]>([
  ['call', 'invalid params', rpc(-32602), 'refused'],
  ['call', 'a missing capability', rpc(-32021), 'refused'],
  ['call', 'an internal error', rpc(-32603), 'failed'],
  ['call', 'an error without a code', rpc(null), 'failed'],
  ['call', '300', http(300), 'refused'],
  ['call', '499', http(499), 'refused'],
  ['call', '500', http(500), 'retry'],
  ['call', 'a lost session', sessionGone, 'refused'],
  ['call', 'a broken connection', broken, 'retry'],
  ['get', 'invalid params', rpc(-32602), 'expired'],
  ['get', 'an unknown method', rpc(-32601), 'no-tasks'],
  ['get', 'an unsupported version', rpc(-32022), 'our-bug'],
  ['get', 'an internal error', rpc(-32603), 'retry'],
  ['get', 'a lost session', sessionGone, 'expired'],
  ['get', '404', http(404), 'retry'],
  ['result', 'a broken connection', broken, 'retry'],
  ['update', 'invalid params', rpc(-32602), 'expired'],
  ['update', 'an unknown method', rpc(-32601), 'refused'],
  ['update', 'a missing capability', rpc(-32003), 'refused'],
  ['update', 'an internal error', rpc(-32603), 'retry'],
  ['update', 'a lost session', sessionGone, 'retry'],
  ['cancel', 'invalid params', rpc(-32602), 'expired'],
  ['cancel', 'an internal error', rpc(-32603), 'refused'],
  ['cancel', '503', http(503), 'retry'],
  ['push', 'any error', rpc(-32603), 'refused'],
  ['push', '400', http(400), 'refused'],
  ['push', '429', http(429), 'retry'],
  ['push', '500', http(500), 'retry'],
])('for a %s, %s is judged by its kind and code', (about, _, failure, verdict) => {
  expect(judge(failure, about)).toBe(verdict);
});

test.each(['call', 'get', 'result', 'update', 'cancel', 'push'] as const)(
  'a required sign-in and an abort decide the verdict on a %s',
  (about) => {
    for (const kind of ['auth', 'aborted'] as const) expect(judge({ kind, message: 'no' }, about)).toBe(kind);
  },
);
