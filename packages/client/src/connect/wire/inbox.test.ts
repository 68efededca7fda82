import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { JsonObject } from '../../task/json.ts';
import { ConnectionFailure, type Failure } from '../connection.ts';
import { createInbox } from './inbox.ts';
import type { WireMessage } from './wire.ts';

const REPLY = { jsonrpc: '2.0', id: 7, result: { action: 'accept' } };
const unavailable: Failure = { kind: 'http', status: 503, message: 'HTTP 503' };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A sender that throws these failures one after the other, and then succeeds. */
function line(...failures: readonly Failure[]) {
  const sent: WireMessage[] = [];
  const left = [...failures];
  const inbox = createInbox(async (message) => {
    sent.push(message);
    const failure = left.shift();
    if (failure !== undefined) throw new ConnectionFailure(failure);
  });
  inbox.onRequest(async () => ({ action: 'accept' }));
  inbox.receive(7, 'elicitation/create', {});
  return { inbox, sent };
}

test('an answer is retried until it is delivered', async () => {
  const { sent } = line(unavailable, { kind: 'transport', message: 'reset' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toEqual([REPLY, REPLY, REPLY]);
});

test('a retry waits as long as the server asks for', async () => {
  const { sent } = line({ ...unavailable, status: 429, retryAfterMs: 20_000 });
  await vi.advanceTimersByTimeAsync(19_000);
  expect(sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(sent).toHaveLength(2);
});

test('an answer is not retried after a withdrawal, a refusal, or the end of the server', async () => {
  const withdrawn = line(unavailable);
  await vi.advanceTimersByTimeAsync(0);
  withdrawn.inbox.withdraw(7);
  const refused = line({ kind: 'session-gone', message: 'gone' });
  const closed = line(unavailable);
  await vi.advanceTimersByTimeAsync(0);
  closed.inbox.clear();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([withdrawn.sent, refused.sent, closed.sent].map(({ length }) => length)).toEqual([1, 1, 1]);
});

test('a request with a reused id aborts the earlier request of that id', async () => {
  const { inbox, sent } = line(unavailable, unavailable);
  await vi.advanceTimersByTimeAsync(0);
  let answer = (_: JsonObject): void => undefined;
  const withdrawn: string[] = [];
  inbox.onRequest(({ params: { message }, signal }) => {
    signal.addEventListener('abort', () => withdrawn.push(String(message)));
    return new Promise((resolve) => {
      answer = resolve;
    });
  });
  inbox.receive(7, 'elicitation/create', { message: 'Delete it?' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toEqual([REPLY]);
  answer({ action: 'decline' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent.slice(1)).toEqual(Array(2).fill({ ...REPLY, result: { action: 'decline' } }));
  inbox.receive(7, 'elicitation/create', { message: 'Sure?' });
  inbox.receive(7, 'elicitation/create', { message: 'Really?' });
  expect(withdrawn).toEqual(['Sure?']);
  inbox.withdraw(7);
  expect(withdrawn).toEqual(['Sure?', 'Really?']);
});
