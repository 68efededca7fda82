import type { TaskRecord } from '@mcp-tasks/client';
import { expect, test } from 'vitest';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { audit, type Ledgers, ZEROS } from './audit.ts';
import type { Entry, Happening } from './journal.ts';
import type { ServerTask } from './server-ledger.ts';
import type { Passage, SentAnswer } from './wire-ledger.ts';

const RESULT = { content: [{ type: 'text' as const, text: 'done' }] };
const ANSWER = { action: 'accept', content: { approve: true } };
const URL_TARGET = { fingerprint: 'f', label: 'l', target: { kind: 'url', url: 'http://127.0.0.1:1/mcp' } } as const;

const record: TaskRecord = {
  ...sampleRecord({ id: 'aaaaaa' }),
  revision: '2026-07-28',
  server: URL_TARGET,
  taskId: 't1',
  arguments: { soak: 'n1' },
  phase: 'settled',
  status: 'completed',
  outcome: { status: 'completed', result: { ...RESULT, resultType: 'complete' } },
};
const task: ServerTask = {
  lane: '2026-07-28 http',
  id: 't1',
  nonce: 'n1',
  status: 'completed',
  result: RESULT,
  error: null,
  answers: { approve: ANSWER },
};
const call: Passage = {
  at: 1000,
  lane: '2026-07-28 http',
  worker: 'w1',
  method: 'tools/call',
  params: { name: 'release', arguments: { soak: 'n1' } },
  id: 1,
  sessionId: undefined,
  reached: 1,
  answer: { result: { taskId: 't1' } },
  deliveredAt: 1001,
};
const sent: SentAnswer = {
  at: 1,
  question: 't1 approve',
  taskId: 't1',
  key: 'approve',
  response: ANSWER,
  reached: true,
};

const happened = (...happenings: readonly Happening[]): readonly Entry[] =>
  happenings.map((happening, at) => ({ at, worker: 'w1', ...happening }));
const prompt: Happening = {
  kind: 'prompt',
  id: 'aaaaaa',
  key: 'approve',
  digest: 'd',
  again: false,
  here: 'open',
  disk: 'open',
  settledForMs: 0,
};
const answering: Happening = { kind: 'answering', id: 'aaaaaa', key: 'approve', digest: 'd', response: ANSWER };
const answered: Happening = { kind: 'answered', id: 'aaaaaa', key: 'approve', digest: 'd' };
const recorded: Happening = { kind: 'recorded', nonce: 'n1', id: 'aaaaaa' };

const honest: Ledgers = {
  records: [record],
  tasks: [task],
  passages: [call],
  others: ['GET'],
  answers: [sent, sent],
  journal: happened(recorded, prompt, prompt, answering, answered),
  crashes: [],
};

function found(over: Partial<Ledgers>): Readonly<Record<string, number>> {
  const findings = audit({ ...honest, ...over });
  return Object.fromEntries(
    ZEROS.flatMap((zero) => (findings[zero].length > 0 ? [[zero, findings[zero].length]] : [])),
  );
}

const unknown: TaskRecord = { ...record, taskId: null, phase: 'intent', status: 'unknown', outcome: null };

test('matching ledgers have no findings, even with a repeated answer and a prompt in two places', () => {
  expect(found({})).toEqual({});
});

test('a call without a delivered reply may be unknown, a call with one may not', () => {
  const without = { records: [unknown], tasks: [{ ...task, answers: {} }], answers: [], journal: happened(recorded) };
  expect(found({ ...without, passages: [{ ...call, deliveredAt: undefined }] })).toEqual({});
  expect(found(without)).toEqual({ lost: 1 });
  const refused: Passage = { ...call, answer: { error: { code: -32601 } } };
  expect(found({ ...without, passages: [refused, { ...call, deliveredAt: undefined }] })).toEqual({});
  expect(found({ ...without, passages: [refused, call] })).toEqual({ lost: 1 });
  const killed: Entry = { at: call.at, worker: 'soak', kind: 'killed', what: call.worker ?? '' };
  expect(found({ ...without, journal: [...without.journal, killed] })).toEqual({});
});

test('a call that reached the wire just after its client was killed may be unknown', () => {
  const without = { records: [unknown], tasks: [{ ...task, answers: {} }], answers: [] };
  const worker = call.worker ?? '';
  const killed: Entry = { at: call.at - 20, worker: 'soak', kind: 'killed', what: worker };
  const nextLife: Entry = { at: call.at - 10, worker, kind: 'calling', nonce: 'n2', lane: task.lane };
  expect(found({ ...without, journal: [...happened(recorded), killed] })).toEqual({});
  expect(found({ ...without, journal: [...happened(recorded), killed, nextLife] })).toEqual({ lost: 1 });
});

test.each<readonly [string, Partial<Ledgers>, Readonly<Record<string, number>>]>([
  ['a task without a record', { records: [], tasks: [task] }, { lost: 3, 'answers nobody gave': 1 }],
  [
    'a task returned to its caller before it was on disk',
    { journal: [...honest.journal, ...happened({ kind: 'called', nonce: 'n1', id: 'aaaaaa', onDisk: false })] },
    { lost: 1 },
  ],
  ['a call that was sent twice', { passages: [call, call] }, { 'duplicate calls': 1 }],
  ['a call that made two tasks', { tasks: [task, { ...task, id: 't2', answers: {} }] }, { 'duplicate calls': 1 }],
  [
    'two different answers to one question',
    { answers: [sent, { ...sent, response: { action: 'decline' } }] },
    { 'duplicate answers': 1 },
  ],
  [
    'an answer accepted from two people',
    { journal: happened(recorded, prompt, answering, answered, answered) },
    { 'duplicate answers': 1 },
  ],
  ['an answer that no person gave', { journal: happened(recorded, prompt) }, { 'answers nobody gave': 1 }],
  [
    'a question that is open again',
    { journal: happened(recorded, prompt, answering, answered, prompt) },
    { 'questions asked twice': 1 },
  ],
  [
    'a question shown long after its answer',
    { journal: happened(recorded, { ...prompt, disk: 'acknowledged', settledForMs: 20_000 }, answering) },
    { 'questions asked twice': 1 },
  ],
  [
    'a question shown again where its answer is known',
    { journal: happened(recorded, prompt, answering, { ...prompt, again: true, here: 'answering' }) },
    { 'questions asked twice': 1 },
  ],
  [
    'a cancel that nobody requested',
    { passages: [call, { ...call, method: 'tasks/cancel', params: { taskId: 't1' } }] },
    { 'cancels nobody asked for': 1 },
  ],
  ['a session that was ended', { others: ['DELETE'] }, { 'cancels nobody asked for': 1 }],
  [
    'a result that differs',
    { records: [{ ...record, outcome: { status: 'completed', result: { content: [] } } }] },
    { "outcomes that differ from the server's": 1 },
  ],
  [
    'a connection failure recorded as a task failure',
    { records: [{ ...record, outcome: { status: 'failed' } }] },
    { "outcomes that differ from the server's": 1 },
  ],
  [
    'a record that stayed open',
    { records: [{ ...record, phase: 'open', outcome: null }] },
    { 'ended on the server, open in the record': 1 },
  ],
  [
    'a client that ended by itself',
    { crashes: ['w1 ended with 1'] },
    { 'client processes that ended by themselves': 1 },
  ],
])('%s is found', (_, over, expected) => {
  expect(found(over)).toEqual(expected);
});

test('a worker that lost its store may not return a task before it is on disk', () => {
  const journal: readonly Entry[] = [
    ...honest.journal,
    ...happened({ kind: 'store-lost', forMs: 1_000 }, { kind: 'called', nonce: 'n1', id: 'aaaaaa', onDisk: false }),
  ];
  expect(audit({ ...honest, journal }).lost).toEqual(['n1 was returned to its caller before it was on disk']);
});

test.each<[string, Entry]>([
  ['the store was lost', { at: call.at, worker: call.worker ?? '', kind: 'store-lost', forMs: 16_000 }],
  ['the client was stopped', { at: call.at, worker: 'soak', kind: 'stopped', what: call.worker ?? '', forMs: 16_000 }],
])('a reply that arrives while %s must be recorded within five seconds afterwards', (_, lost) => {
  const killed = (at: number): readonly Entry[] => [
    lost,
    { at: at - 1, worker: call.worker ?? '', kind: 'recorded', nonce: 'n1', id: 'aaaaaa' },
    { at, worker: 'soak', kind: 'killed', what: call.worker ?? '' },
  ];
  const without = { records: [unknown], tasks: [{ ...task, answers: {} }], answers: [] };
  const after = (ms: number) => found({ ...without, journal: [...happened(recorded), ...killed(call.at + ms)] });
  expect(after(15_000)).toEqual({});
  expect(after(30_000)).toEqual({ lost: 1 });
});

test('an unrecorded reply is lost once its client acts five seconds past its slowest reply of that time', () => {
  const worker = call.worker ?? '';
  const slow: Passage = {
    ...call,
    params: { ...call.params, arguments: { soak: 'n2' } },
    answer: { result: { taskId: 't2' } },
  };
  const other: TaskRecord = { ...record, id: 'bbbbbb', taskId: 't2', arguments: { soak: 'n2' } };
  const journal = (recordedAfter: number): readonly Entry[] => [
    ...happened(recorded),
    { at: call.at + recordedAfter, worker, kind: 'called', nonce: 'n2', id: 'bbbbbb', onDisk: true },
    { at: call.at + 8_000, worker, kind: 'settled', id: 'cccccc', status: 'completed' },
    { at: call.at + 8_100, worker: 'soak', kind: 'killed', what: worker },
  ];
  const ledgers = {
    records: [unknown, other],
    tasks: [
      { ...task, answers: {} },
      { ...task, id: 't2', nonce: 'n2', answers: {} },
    ],
    passages: [call, slow],
    answers: [],
  };
  expect(found({ ...ledgers, journal: journal(2_000) })).toEqual({ lost: 1 });
  expect(found({ ...ledgers, journal: journal(4_000) })).toEqual({});
});

test('a reply that arrives just before its client closes the connection may be unread, an earlier one may not', () => {
  const ended = (at: number): Entry => ({ at, worker: call.worker ?? '', kind: 'connection-ended', lane: task.lane });
  const without = { records: [unknown], tasks: [{ ...task, answers: {} }], answers: [] };
  const after = (ms: number) =>
    found({ ...without, journal: [...happened(recorded), ended((call.deliveredAt ?? 0) + ms)] });
  expect(after(1_500)).toEqual({});
  expect(after(6_000)).toEqual({ lost: 1 });
});
