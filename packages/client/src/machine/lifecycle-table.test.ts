import { describe, expect, test } from 'vitest';
import type { JudgedFailure, Verdict } from '../task/failure.ts';
import { digestQuestion } from '../task/question.ts';
import type { LedgerEntry, TaskRecord } from '../task/record.ts';
import type { TaskSnapshot } from '../task/task.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { LISTED, REQUESTED } from '../testing/sample-traits.ts';
import { advance, createLifecycle, type Effect, type Lifecycle, type LifecycleEvent } from './lifecycle.ts';
import type { UnstampedEvent as Step } from './lifecycle-state.ts';

// The state machine as a table: state, event → state, effects.

const NOW = 100_000;
const GO = { method: 'elicitation/create', params: { message: 'Go?' } };
const STOP = { method: 'elicitation/create', params: { message: 'Stop?' } };
const yes = { action: 'accept' };
const open: LedgerEntry = { state: 'open', digest: digestQuestion(GO), words: 'Go?' };
const answering: LedgerEntry = { ...open, state: 'answering', response: yes, since: 1 };
const acknowledged: LedgerEntry = { ...open, state: 'acknowledged', at: NOW, givenAt: 1 };
const asks = { status: 'input_required', inputRequests: { go: GO }, ledger: { go: open } } as const;
const answered = { ...asks, ledger: { go: answering } } as const;
const result = { content: [] };

interface State extends Partial<Omit<Lifecycle, 'record'>> {
  readonly record?: Partial<TaskRecord>;
}
interface Expected extends State {
  readonly effects: readonly Effect[];
}
type Row = readonly [name: string, given: State, event: Step, expected: Expected];

const poll: Effect = { type: 'poll' };
const wake = (at: number): Effect => ({ type: 'wake', at });
const sendAnswers: Effect = { type: 'send-answers', responses: { go: yes } };
const due = (at: number) => ({ polling: { kind: 'due', at } }) as const;
const out = { polling: { kind: 'out' } } as const;
const answersOut = { answers: new Map([['go', 'out' as const]]) };
const unconfirmed = { answers: new Map([['go', 'unconfirmed' as const]]) };
const stopped = (why: 'auth' | 'no-tasks') =>
  ({ polling: { kind: 'stopped', why, outcome: { status: 'auth_required' }, at: NOW + 2_000 } }) as const;
const failure = (verdict: Verdict, message = 'no'): JudgedFailure => ({ kind: 'rpc', code: -1, message, verdict });
const seen = (snapshot: Partial<TaskSnapshot>, polled = true): Step => ({
  type: 'task-observed',
  polled,
  snapshot: { taskId: 't1', status: 'working', inputRequests: {}, ...snapshot },
});
const passed: Step = { type: 'time-passed' };
const call = { taskId: null, phase: 'asking' } as const;
const late = NOW + 2_000;

// biome-ignore format: a row is a line
const polling: readonly Row[] = [
  ['a poll is sent when it is due', due(NOW), passed, { ...out, polledAt: NOW, effects: [poll] }],
  ['no poll is sent before it is due', due(NOW + 1), passed, { ...due(NOW + 1), effects: [wake(NOW + 1)] }],
  ['no poll is sent while one is in flight', out, passed, { ...out, effects: [] }],
  ['a response schedules the next poll by the hint', out, seen({ pollIntervalMs: 5_000 }), { ...due(NOW + 5_000), effects: [wake(NOW + 5_000)] }],
  ['a notification delays the next poll', due(NOW + 9), seen({}, false), { ...due(late), effects: [wake(late)] }],
  ['a notification does not affect a poll in flight', out, seen({}, false), { ...out, effects: [] }],
  ['a failed poll is retried; silent counts from now', out, { type: 'poll-failed', failure: failure('retry') }, { failures: 1, ...due(late), record: { contact: { kind: 'silent', since: NOW }, trouble: 'no' }, effects: [wake(late)] }],
  ['a second failure does not restart silent', { ...out, failures: 1, record: { contact: { kind: 'silent', since: 7 } } }, { type: 'poll-failed', failure: failure('retry') }, { failures: 2, record: { contact: { kind: 'silent', since: 7 } }, effects: [wake(late)] }],
  ['a response ends silent', { ...out, failures: 3, record: { contact: { kind: 'silent', since: 7 }, trouble: 'no' } }, seen({}), { failures: 0, record: { contact: undefined, trouble: undefined }, effects: [wake(late)] }],
  ['a task unknown to the server is expired', out, { type: 'poll-failed', failure: failure('expired') }, { record: { phase: 'settled', outcome: { status: 'expired', error: { code: -1, message: 'no', data: undefined } } }, effects: [] }],
  ['polling stops when a sign-in is required', out, { type: 'poll-failed', failure: failure('auth') }, { ...stopped('auth'), record: { nextPollAt: undefined }, effects: [] }],
  ['polling restarts on a resume', stopped('auth'), { type: 'resumed' }, { ...due(late), effects: [wake(late)] }],
  ['a reconnect ends the back-off of polls', { failures: 5, ...due(NOW + 60_000), record: { contact: { kind: 'silent', since: 7 } } }, { type: 'reconnected' }, { failures: 5, ...due(late), record: { nextPollAt: late }, effects: [wake(late)] }],
  ['a reconnect ends the back-off of answers', { record: { ...answered, observedAt: NOW }, failures: 1, ...due(NOW + 9), answersAt: NOW + 60_000 }, { type: 'reconnected' }, { ...answersOut, effects: [sendAnswers, wake(NOW + 9)] }],
  ['a reconnect does not affect a task that waits for its hint', due(NOW + 60_000), { type: 'reconnected' }, { ...due(NOW + 60_000), effects: [wake(NOW + 60_000)] }],
  ['a reconnect resumes a task that required a sign-in', stopped('auth'), { type: 'reconnected' }, { ...due(late), effects: [wake(late)] }],
  ['a refresh polls early', { ...due(NOW + 9), polledAt: NOW - 250 }, { type: 'refresh-requested' }, { ...out, earlyAt: NOW, polledAt: NOW, effects: [poll] }],
  ['a refresh does not poll early twice in a row', { ...due(NOW + 9), polledAt: NOW - 250, earlyAt: NOW - 250 }, { type: 'refresh-requested' }, { ...due(NOW + 9), effects: [wake(NOW + 9)] }],
  ['a refresh does not poll during a back-off', { ...due(NOW + 9), polledAt: NOW - 250, failures: 1 }, { type: 'refresh-requested' }, { ...due(NOW + 9), effects: [wake(NOW + 9)] }],
  ["a refresh respects the user's minimum", { ...due(NOW + 9), polledAt: NOW - 250, minPollIntervalMs: 251 }, { type: 'refresh-requested' }, { ...due(NOW + 9), effects: [wake(NOW + 9)] }],
  ['a refresh adds no poll to one in flight', out, { type: 'refresh-requested' }, { ...out, effects: [] }],
  ['a clock that moved back keeps the distance to the next poll', { ...due(NOW + 12_000), seenAt: NOW + 10_000 }, passed, { ...due(late), seenAt: NOW, effects: [wake(late)] }],
  ['a resume changes nothing if the server no longer supports tasks', stopped('no-tasks'), { type: 'resumed' }, { ...stopped('no-tasks'), effects: [] }],
  ['a notification restarts polling that stopped for missing task support', stopped('no-tasks'), seen({}, false), { ...due(late), effects: [wake(late)] }],
];

// biome-ignore format: a row is a line
const observing: readonly Row[] = [
  ['a snapshot as old as the record is applied', { ...out, record: { serverUpdatedAt: '2026-01-01T00:00:00Z' } }, seen({ statusMessage: 'half', lastUpdatedAt: '2026-01-01T00:00:00Z' }), { record: { statusMessage: 'half' }, effects: [wake(late)] }],
  ['an older snapshot is ignored', { ...out, record: { observedAt: NOW, serverUpdatedAt: '2026-01-01T00:00:01Z' } }, seen({ statusMessage: 'half', lastUpdatedAt: '2026-01-01T00:00:00Z' }), { record: { statusMessage: undefined }, effects: [wake(late)] }],
  ['a snapshot of another task is ignored', out, seen({ taskId: 't2', status: 'completed', result }), { record: { taskId: 't1', phase: 'open' }, effects: [wake(late)] }],
  ['completed with a result settles the task', out, seen({ status: 'completed', result }), { record: { phase: 'settled', outcome: { status: 'completed', result } }, effects: [] }],
  ['completed without a result is unknown', out, seen({ status: 'completed' }), { record: { phase: 'settled', outcome: expect.objectContaining({ status: 'unknown' }) as never }, effects: [] }],
  ['a settled record never changes', { record: { phase: 'settled', outcome: { status: 'completed', result } } }, seen({}), { record: { phase: 'settled' }, effects: [] }],
  ['a lost call becomes an open task when its task is observed', { record: { taskId: null, phase: 'intent', status: 'unknown', contact: { kind: 'lost', since: 1 }, trouble: 'gone' } }, seen({}, false), { record: { taskId: 't1', phase: 'open', contact: undefined, trouble: undefined }, effects: [wake(late)] }],
];

// biome-ignore format: a row is a line
const answers: readonly Row[] = [
  ['a saved answer is sent', { ...due(late), record: answered }, passed, { ...answersOut, effects: [sendAnswers, wake(late)] }],
  ['an answer to a question listed five seconds ago is sent', { ...due(late), record: { ...answered, observedAt: NOW - 5_000 } }, passed, { ...answersOut, effects: [sendAnswers, wake(late)] }],
  ['an answer to a question listed longer ago is sent only after a poll', { ...due(late), polledAt: NOW - 5_001, record: { ...answered, observedAt: NOW - 5_001 } }, passed, { ...out, answers: new Map(), effects: [poll] }],
  ['an answer in flight is not sent twice', { ...due(late), ...answersOut, record: answered }, passed, { effects: [wake(late)] }],
  ['an answer to a changed question is refused', { ...out, record: answered }, seen({ status: 'input_required', inputRequests: { go: STOP } }), { answers: new Map(), record: { ledger: { go: expect.objectContaining({ state: 'refused' }) as never } }, effects: [wake(late)] }],
  ['an acknowledgement completes an answer', { ...due(late), ...answersOut, record: answered }, { type: 'answers-acknowledged', keys: ['go'] }, { answers: new Map(), record: { ledger: { go: acknowledged } }, effects: [wake(late)] }],
  ['an answer without a reply is retried later', { ...due(late), ...answersOut, record: answered }, { type: 'answers-failed', keys: ['go'], failure: failure('retry') }, { answers: new Map(), answersAt: late, record: { contact: { kind: 'silent', since: NOW } }, effects: [wake(late)] }],
  ['a refused answer reopens its question', { ...due(late), ...answersOut, record: answered }, { type: 'answers-failed', keys: ['go'], failure: failure('refused') }, { answers: new Map(), record: { ledger: { go: open }, contact: undefined }, effects: [wake(late)] }],
  ['an answer refused as unknown task is unconfirmed', { ...due(late), ...answersOut, record: answered }, { type: 'answers-failed', keys: ['go'], failure: failure('expired') }, { ...unconfirmed, record: { ledger: { go: answering } }, effects: [wake(late)] }],
  ['a poll that finds the task reopens the question of a unconfirmed answer', { ...out, ...unconfirmed, record: answered }, seen(asks), { answers: new Map(), record: { ledger: { go: open } }, effects: [wake(late)] }],
  ['the end waits for the reply to an answer', { ...out, ...answersOut, record: answered }, seen({ status: 'completed', result }), { ending: expect.anything() as never, record: { phase: 'open' }, effects: [wake(late)] }],
  ['a server request becomes a question at once', { ...due(late), traits: REQUESTED, result: 'out' }, { type: 'question-arrived', key: 'go', request: GO }, { askedAt: NOW, record: asks, effects: [wake(late)] }],
  ['a poll sent at the instant of a question does not close the question', { ...out, traits: REQUESTED, result: 'out', askedAt: NOW - 5, polledAt: NOW - 5, record: asks }, seen({}), { record: asks, effects: [wake(late)] }],
];

const once = { ...LISTED, answers: 'once' } as const;
// biome-ignore format: a row is a line
const answeredOnce: readonly Row[] = [
  ['a send-once answer without a reply is unconfirmed', { ...due(late), ...answersOut, traits: once, record: answered }, { type: 'answers-failed', keys: ['go'], failure: failure('retry') }, { ...unconfirmed, effects: [wake(late)] }],
  ['a unconfirmed send-once answer has to be given again if its question is still open', { ...out, ...unconfirmed, traits: once, record: answered }, seen(asks), { answers: new Map(), record: { ledger: { go: open }, trouble: expect.stringContaining('answer again') as never }, effects: [wake(late)] }],
  ['a unconfirmed send-once answer is acknowledged if its question is closed', { ...out, ...unconfirmed, traits: once, record: answered }, seen({}), { answers: new Map(), record: { ledger: { go: acknowledged } }, effects: [wake(late)] }],
];

const cancelRequestedAt = 5;
// biome-ignore format: a row is a line
const cancelling: readonly Row[] = [
  ['a saved cancel is sent', { ...due(late), record: { cancelRequestedAt } }, passed, { cancel: 'out', effects: [{ type: 'send-cancel' }, wake(late)] }],
  ['a cancel in flight is not sent twice', { ...due(late), cancel: 'out', record: { cancelRequestedAt } }, passed, { effects: [wake(late)] }],
  ['a cancel is not sent after the end', { ...due(late), traits: REQUESTED, record: { status: 'completed', cancelRequestedAt } }, passed, { cancel: 'idle', result: 'out', effects: [{ type: 'open-result' }] }],
  ['an acknowledged cancel is not sent again', { ...due(late), cancel: 'out', record: { cancelRequestedAt } }, { type: 'cancel-acknowledged' }, { cancel: 'idle', record: { cancelAcknowledgedAt: NOW }, effects: [wake(late)] }],
  ['a refused cancel is dropped', { ...due(late), cancel: 'out', record: { cancelRequestedAt } }, { type: 'cancel-failed', failure: failure('refused') }, { cancel: 'idle', record: { cancelRequestedAt: undefined }, effects: [wake(late)] }],
  ['a cancel refused as unknown task is unconfirmed', { ...due(late), cancel: 'out', record: { cancelRequestedAt } }, { type: 'cancel-failed', failure: failure('expired') }, { cancel: 'unconfirmed', record: { cancelRequestedAt }, effects: [wake(late)] }],
  ['a poll that finds the task drops a unconfirmed cancel', { ...out, cancel: 'unconfirmed', record: { cancelRequestedAt } }, seen({}), { cancel: 'idle', record: { cancelRequestedAt: undefined }, effects: [wake(late)] }],
];

// biome-ignore format: a row is a line
const results: readonly Row[] = [
  ['a separate result is requested at the end', { ...out, traits: REQUESTED }, seen({ status: 'completed', inputRequests: undefined }), { result: 'out', record: { phase: 'open' }, effects: [{ type: 'open-result' }] }],
  ['a fetched result settles the task', { traits: REQUESTED, result: 'out', record: { status: 'completed' } }, { type: 'result-fetched', result }, { record: { phase: 'settled', outcome: { status: 'completed', result } }, effects: [] }],
  ['a failed result request is retried later', { traits: REQUESTED, result: 'out', record: { status: 'completed' } }, { type: 'result-failed', failure: failure('retry') }, { result: 'idle', resultAt: late, failures: 1, effects: [wake(late)] }],
  ['the error of the result request is the outcome of a failed task', { traits: REQUESTED, result: 'out', record: { status: 'failed' } }, { type: 'result-failed', failure: failure('retry') }, { record: { phase: 'settled', outcome: { status: 'failed', error: { code: -1, message: 'no', data: undefined } } }, effects: [] }],
];

// biome-ignore format: a row is a line
const calls: readonly Row[] = [
  ['a question before the task waits for its answer', { record: call }, { type: 'call-asked', requests: { go: GO }, requestState: 's' }, { record: { ...asks, requestState: 's' }, effects: [] }],
  ['a call is repeated after ten requests for input without a question', { record: call, emptyRounds: 9 }, { type: 'call-asked', requests: {} }, { emptyRounds: 10, record: { phase: 'asking' }, effects: [wake(NOW + 60_000)] }],
  ['a call settles as unknown after eleven requests for input without a question', { record: call, emptyRounds: 10 }, { type: 'call-asked', requests: {} }, { record: { phase: 'settled', outcome: expect.objectContaining({ status: 'unknown' }) as never }, effects: [] }],
  ['an answer repeats the call, which may have run from then on', { record: { ...answered, ...call } }, passed, { repeat: 'out', record: { phase: 'intent', status: 'unknown' }, effects: [{ type: 'repeat-call', responses: { go: yes } }] }],
  ['a call without a response is lost and never sent again', { repeat: 'out', record: { ...answered, taskId: null, phase: 'intent' } }, { type: 'call-lost', failure: failure('retry') }, { repeat: 'idle', record: { phase: 'intent', contact: { kind: 'lost', since: NOW }, ledger: { go: open } }, effects: [] }],
];

function play([, given, event]: Row): readonly [Lifecycle, readonly Effect[]] {
  const record = sampleRecord({ id: 'a1', taskId: 't1', observedAt: NOW, ...given.record });
  const first = createLifecycle(record, { traits: LISTED, minPollIntervalMs: 0 });
  return advance({ ...first, ...given, record }, { ...event, now: NOW, chance: 0 } as LifecycleEvent);
}

describe.each<[string, readonly Row[]]>([
  ['polling', polling],
  ['snapshots', observing],
  ['answers', answers],
  ['send-once answers', answeredOnce],
  ['cancelling', cancelling],
  ['results', results],
  ['calls', calls],
])('%s', (_, rows) => {
  test.each(rows.map((row) => [row[0], row] as const))('%s', (_name, row) => {
    const [state, effects] = play(row);
    const { effects: wanted, record = {}, ...rest } = row[3];
    expect(effects).toEqual(wanted);
    expect(state).toMatchObject(rest);
    expect(Object.fromEntries(Object.keys(record).map((key) => [key, state.record[key as keyof TaskRecord]]))).toEqual(
      record,
    );
  });
});
