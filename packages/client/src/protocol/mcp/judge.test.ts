import { expect, test } from 'vitest';
import type { About, Failure, Verdict } from '../../task/failure.ts';
import { judge } from './judge.ts';

const rpc = (code: number): Failure => ({ kind: 'rpc', code, message: 'no' });
const http = (status: number): Failure => ({ kind: 'http', status, message: `HTTP ${status}` });
const lost: Failure = { kind: 'transport', message: 'cut' };

test.each<[About, string, Failure, Verdict]>([
  ['call', 'invalid parameters', rpc(-32602), 'refused'],
  ['call', 'an error of the tool', rpc(-32603), 'failed'],
  ['call', 'HTTP 422', http(422), 'refused'],
  ['call', 'HTTP 502', http(502), 'retry'],
  ['call', 'a cut line', lost, 'retry'],
  ['get', 'an unknown task', rpc(-32602), 'expired'],
  ['get', 'an unknown method', rpc(-32601), 'no-tasks'],
  ['get', 'a wrong envelope', rpc(-32021), 'our-bug'],
  ['get', 'an internal error', rpc(-32603), 'retry'],
  ['get', 'a forgotten session', { kind: 'session-gone', message: 'gone' }, 'expired'],
  ['update', 'an unknown task', rpc(-32602), 'expired'],
  ['update', 'an unknown method', rpc(-32601), 'refused'],
  ['update', 'HTTP 500', http(500), 'retry'],
  ['cancel', 'an unknown or finished task', rpc(-32602), 'expired'],
  ['cancel', 'any other error', rpc(-32603), 'refused'],
  ['cancel', 'a cut line', lost, 'retry'],
  ['push', 'HTTP 404', http(404), 'refused'],
  ['push', 'HTTP 429', http(429), 'retry'],
  ['push', 'HTTP 503', http(503), 'retry'],
  ['push', 'an error', rpc(-32601), 'refused'],
  ['push', 'a wanted sign-in', { kind: 'auth', message: 'HTTP 401' }, 'auth'],
])('%s: %s is judged', (about, _, failure, verdict) => {
  expect(judge(failure, about)).toBe(verdict);
});
