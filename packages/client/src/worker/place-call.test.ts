import { expect, test } from 'vitest';
import { createTaskClient } from '../api/task-client.ts';
import type { Failure } from '../connect/connection.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { acceptedCall } from '../testing/accepted-call.ts';
import { createFakeClock, createScriptedConnection, fail } from '../testing/index.ts';

async function callOf(failure: Failure) {
  const store = createMemoryStore();
  const connection = createScriptedConnection({ revision: '2026-07-28' }, () => fail(failure));
  const client = createTaskClient({ connection, store, clock: createFakeClock(), owner: 'me:1:a' });
  const error = await acceptedCall(client, { name: 'deploy' }).catch((thrown: unknown) => thrown);
  return { error, sent: connection.sent.length, records: (await store.list()).records };
}

const rpc = (code: number | null): Failure => ({ kind: 'rpc', code, message: 'no' });

test.each<[string, Failure]>([
  ['has no such tool', rpc(-32602)],
  ['has no such method', rpc(-32601)],
  ['requires a missing capability', rpc(-32021)],
  ['is behind a proxy that rejects the request', { kind: 'http', status: 405, message: 'no' }],
  ['dropped the session', { kind: 'session-gone', message: 'no' }],
])('a call to a server that %s is reported as refused', async (_, failure) => {
  const { error, sent, records } = await callOf(failure);
  expect(error).toMatchObject({ code: 'rpc-error', message: 'scripted refused deploy: no', hint: undefined });
  expect({ sent, records }).toMatchObject({ sent: 1, records: [{ phase: 'settled', outcome: { status: 'failed' } }] });
});

test.each([-32603, -32000, -32050, 500, null])(
  'error %s is not reported as a refusal, since the tool may have run',
  async (code) => {
    const { error, sent, records } = await callOf(rpc(code));
    expect(error).toMatchObject({
      code: 'rpc-error',
      message: 'scripted answered deploy with an error: no',
      hint: expect.stringContaining('may have run'),
    });
    expect({ sent, records }).toMatchObject({ sent: 1, records: [{ outcome: { status: 'failed', error: { code } } }] });
  },
);

test.each<[string, Failure]>([
  ['a broken connection', { kind: 'transport', message: 'ECONNRESET' }],
  ['a server error', { kind: 'http', status: 503, message: 'HTTP 503' }],
  ['a response that is not JSON-RPC', { kind: 'invalid', message: 'HTML' }],
])('after %s the call may have run and is recorded as lost', async (_, failure) => {
  const { error, sent, records } = await callOf(failure);
  expect(error).toMatchObject({ code: 'connection-lost' });
  expect({ sent, records }).toMatchObject({
    sent: 1,
    records: [{ phase: 'intent', status: 'unknown', outcome: null }],
  });
});
