import { expect, test } from 'vitest';
import type { About, Failure, Verdict } from '../../task/failure.ts';
import { judge } from './judge.ts';

const rpc = (code: number | null): Failure => ({ kind: 'rpc', code, message: 'no' });
const http = (status: number): Failure => ({ kind: 'http', status, message: 'no' });

test.each<[About, string, Failure, Verdict]>([
  ['call', 'a task that is not found', rpc(-32001), 'refused'],
  ['call', 'an unsupported operation', rpc(-32004), 'refused'],
  ['call', 'an internal error', rpc(-32603), 'failed'],
  ['call', '300', http(300), 'refused'],
  ['call', '404', http(404), 'refused'],
  ['call', '408', http(408), 'retry'],
  ['call', '429', http(429), 'retry'],
  ['call', '500', http(500), 'retry'],
  ['get', 'a task that is not found', rpc(-32001), 'expired'],
  ['get', 'an unsupported operation', rpc(-32004), 'retry'],
  ['result', '404', http(404), 'retry'],
  ['update', 'a task that is not found', rpc(-32001), 'expired'],
  ['update', 'invalid params', rpc(-32602), 'refused'],
  ['update', 'an internal error', rpc(-32603), 'retry'],
  ['cancel', 'a task that cannot be cancelled', rpc(-32002), 'refused'],
  ['cancel', '408', http(408), 'retry'],
  ['push', 'an unknown method', rpc(-32601), 'refused'],
  ['push', 'an error without a code', rpc(null), 'refused'],
  ['push', 'a finished task', rpc(-32004), 'retry'],
  ['push', '405', http(405), 'refused'],
  ['push', '404', http(404), 'retry'],
])('for a %s, %s is judged by its kind and code', (about, _, failure, verdict) => {
  expect(judge(failure, about)).toBe(verdict);
});
