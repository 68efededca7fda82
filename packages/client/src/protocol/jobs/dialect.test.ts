import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../task/json.ts';
import type { TaskRef } from '../dialect.ts';
import { dialect as mcp } from '../mcp-2026-07-28/dialect.ts';
import { createJobDialect } from './dialect.ts';
import type { JobMapping } from './mapping.ts';

const BUILD: JobMapping = {
  start: { tool: 'create_build', id: '/number', arguments: { source: 'mcp' } },
  status: {
    tool: 'get_build',
    arguments: {
      org: '{args.org}',
      build_number: '{id:string}',
      run: '{id:number}',
      n: '{args.n}',
      label: 'build {id} of {args.org}',
    },
    state: '/state',
    message: '/message',
    error: '/error',
    map: {
      working: ['scheduled', 'running'],
      input_required: ['blocked'],
      completed: ['passed', 10],
      failed: ['failed'],
      cancelled: ['canceled'],
    },
    missing: '[Nn]ot found',
  },
  answer: { tool: 'comment', arguments: { build: '{id}', body: '{answer}', step: '{status./step/id}' } },
  cancel: { tool: 'cancel_build', arguments: { build: '{id}' } },
  pollIntervalMs: 5_000,
};

const json = (value: JsonValue, more: JsonObject = {}): JsonObject => ({
  content: [{ type: 'text', text: JSON.stringify(value) }],
  ...more,
});
const text = (words: string, more: JsonObject = {}): JsonObject => ({
  content: [{ type: 'text', text: words }],
  ...more,
});
const started = { id: 'a1', name: 'build', arguments: { org: 'acme', n: 4 }, asTask: false };
const TASK_ID = '["build","3",{"n":4,"org":"acme"}]';
const ref: TaskRef = { id: 'a1', taskId: TASK_ID, arguments: { org: 'acme', n: 4 }, answers: [] };
const of = (mapping: Partial<JobMapping> = {}) => createJobDialect({ ...BUILD, ...mapping }, mcp);
const statusOf = (raw: JsonValue, mapping: Partial<JobMapping> = {}) => of(mapping).decodeTask(raw, ref);

describe('start', () => {
  test('the start tool is called with the arguments of the call and those of the mapping', () => {
    expect(of().call(started)).toEqual({
      method: 'tools/call',
      params: { name: 'create_build', arguments: { org: 'acme', n: 4, source: 'mcp' } },
    });
  });

  test.each<[string, JsonObject, string | undefined]>([
    ['JSON in text', json({ number: 3 }), TASK_ID],
    ['structured content', { content: [], structuredContent: { number: 3 } }, TASK_ID],
    ['a text that a framework wrapped', { content: [], structuredContent: { result: '{"number":3}' } }, TASK_ID],
    ['JSON in a fenced block', text('Created:\n```json\n{"number":3}\n```'), TASK_ID],
    ['prose without it', text('Queued.'), undefined],
    ['an error', json({ number: 3 }, { isError: true }), undefined],
  ])('the job id is looked up in %s', (_, raw, taskId) => {
    const decoded = of().decodeCall(raw, started);
    if (decoded.kind === 'invalid') throw new Error(decoded.problem);
    const { value } = decoded;
    expect(value.kind === 'task' ? value.snapshot.taskId : undefined).toBe(taskId);
  });

  test('without an id, the plain result has a warning with the pointer; a tool error has no warning', () => {
    const result = text('Queued.');
    const warning = 'create_build returned no id at /number: the job, if it started one, is not followed';
    expect(of().decodeCall(result, started)).toEqual({ kind: 'value', value: { kind: 'complete', result, warning } });
    const failed = text('no', { isError: true });
    expect(of().decodeCall(failed, started)).toEqual({ kind: 'value', value: { kind: 'complete', result: failed } });
  });

  test('an id in prose is found by a pattern', () => {
    const dialect = of({ start: { tool: 'generate', match: 'Task ID: (\\S+)\\.' } });
    const decoded = dialect.decodeCall(text('Submitted. Task ID: 12. Please use…'), started);
    expect(decoded).toMatchObject({ value: { snapshot: { taskId: '["build","12",{"n":4,"org":"acme"}]' } } });
  });
});

describe('status', () => {
  test('a placeholder keeps its type or converts as a whole value, and becomes text inside a text', () => {
    expect(of().get(ref).params).toEqual({
      name: 'get_build',
      arguments: { org: 'acme', build_number: '3', run: 3, n: 4, label: 'build 3 of acme' },
    });
  });

  test('a status tool that waits has a timeout of two minutes', () => {
    expect(of({ status: { ...BUILD.status, waits: true } }).get(ref).timeoutMs).toBe(120_000);
    expect(of().get(ref).timeoutMs).toBeUndefined();
  });

  test.each<[string, JsonValue, JsonObject]>([
    ['a known word', { state: 'running', message: 'half' }, { status: 'working', statusMessage: 'half' }],
    ['a number', { state: 10 }, { status: 'completed' }],
    ['an unknown word', { state: 'paused' }, { status: 'working', statusMessage: 'paused' }],
    [
      'an unknown word and a message',
      { state: 'paused', message: 'hm' },
      { status: 'working', statusMessage: 'paused: hm' },
    ],
    [
      'a failure',
      { state: 'failed', error: 'no disk' },
      { status: 'failed', error: { code: null, message: 'no disk' } },
    ],
    ['a failure without a reason', { state: 'failed' }, { status: 'failed', error: { code: null, message: 'failed' } }],
    ['a cancel', { state: 'canceled' }, { status: 'cancelled' }],
  ])('%s is read', (_, body, expected) => {
    expect(statusOf(json(body))).toMatchObject({
      kind: 'value',
      value: { taskId: TASK_ID, pollIntervalMs: 5_000, ...expected },
    });
  });

  test.each<[string, JsonValue, JsonObject]>([
    [
      'an error that matches `missing` means that the job is gone',
      text('Build not found', { isError: true }),
      { verdict: 'expired' },
    ],
    ['after any other error the job is polled again', text('rate limited', { isError: true }), { verdict: 'retry' }],
    ['after an answer without a state the job is polled again', json({ id: 1 }), { verdict: 'retry' }],
    ['after prose without a state the job is polled again', text('hello'), { verdict: 'retry' }],
  ])('%s', (_, raw, expected) => {
    expect(statusOf(raw)).toMatchObject({ kind: 'invalid', ...expected });
  });

  test('conditions decide the state, final states first', () => {
    const status: JobMapping['status'] = {
      tool: 'open_task_details',
      arguments: { taskId: '{id}' },
      map: {
        completed: [{ '/task/approved': true }],
        input_required: [{ '/task/done': true }],
        failed: [{ '/task/result': ['timed_out', 'broken'], '/task/done': false }],
      },
      missing: [{ '/status': 'task_not_found' }],
    };
    const read = (body: JsonValue) => statusOf(json(body), { status });
    expect(read({ task: { done: true, approved: true } })).toMatchObject({ value: { status: 'completed' } });
    expect(read({ task: { done: true, approved: false } })).toMatchObject({ value: { status: 'input_required' } });
    expect(read({ task: { done: false, result: 'broken' } })).toMatchObject({ value: { status: 'failed' } });
    expect(read({ task: { done: false } })).toMatchObject({ value: { status: 'working' } });
    expect(read({ status: 'task_not_found' })).toMatchObject({ kind: 'invalid', verdict: 'expired' });
  });

  test('a state in prose is matched by patterns', () => {
    const status: JobMapping['status'] = {
      tool: 'query',
      arguments: { task_id: '{id}' },
      map: {
        working: [{ match: 'still processing' }],
        completed: [{ match: '^Success' }],
        failed: [{ match: 'FAILED' }],
      },
      error: { match: 'FAILED: (.*)' },
    };
    expect(statusOf(text('The video is still processing'), { status })).toMatchObject({ value: { status: 'working' } });
    expect(statusOf(text('Success. Video URL: x'), { status })).toMatchObject({ value: { status: 'completed' } });
    expect(statusOf(text('FAILED: no credit'), { status })).toMatchObject({
      value: { error: { message: 'no credit' } },
    });
  });
});

describe('result', () => {
  const passed = { state: 'passed', output: { url: 'x' } };

  test.each<[string, JobMapping['result'], JsonObject]>([
    ['the whole status', undefined, json(passed)],
    [
      'an object at a pointer',
      { from: '/output' },
      { content: [{ type: 'text', text: '{"url":"x"}' }], structuredContent: { url: 'x' } },
    ],
    ['a text at a pointer', { from: '/output/url' }, { content: [{ type: 'text', text: 'x' }] }],
    ['nothing at a pointer', { from: '/none' }, { content: [] }],
  ])('the result is %s', (_, result, expected) => {
    expect(statusOf(json(passed), { result })).toMatchObject({ value: { status: 'completed', result: expected } });
  });

  test('the result tool is called with values of the status; its error is retried', () => {
    const dialect = of({ result: { tool: 'get_items', arguments: { datasetId: '{status./storages/default/id}' } } });
    const body = { state: 'passed', storages: { default: { id: 'ds1' } } };
    const seen = dialect.decodeTask(json(body), ref);
    expect(seen).toMatchObject({ value: { status: 'completed', inputRequests: undefined } });
    const carried = seen.kind === 'value' ? seen.value.carried : undefined;
    expect(dialect.result?.({ ...ref, carried }).params).toEqual({
      name: 'get_items',
      arguments: { datasetId: 'ds1' },
    });
    expect(dialect.decodeResult?.(text('[1]'))).toEqual({ kind: 'value', value: text('[1]') });
    expect(dialect.decodeResult?.(text('busy', { isError: true }))).toMatchObject({
      problem: 'busy',
      verdict: 'retry',
    });
  });
});

describe('question', () => {
  const asked = (message: string) => {
    const seen = statusOf(json({ state: 'blocked', message, step: { id: 7 } }));
    return seen.kind === 'value' ? seen.value : undefined;
  };

  test('a question is free text with the message of the status; its only action is accept', () => {
    expect(Object.values(asked('Release?')?.inputRequests ?? {})).toEqual([
      {
        method: 'elicitation/create',
        params: {
          mode: 'form',
          message: 'Release?',
          requestedSchema: {
            type: 'object',
            properties: { text: { type: 'string', title: 'Answer' } },
            required: ['text'],
          },
        },
        actions: ['accept'],
      },
    ]);
  });

  test('a second question has another key', () => {
    const keys = (message: string) => Object.keys(asked(message)?.inputRequests ?? {});
    expect(keys('Release?')).toEqual(keys('Release?'));
    expect(keys('Release?')).not.toEqual(keys('Sure?'));
  });

  test('an answer calls the answer tool with the text and values of the status', () => {
    const carried = asked('Release?')?.carried;
    const update = of().update({ ...ref, carried }, { k: { action: 'accept', content: { text: 'yes' } } }, {});
    expect(update?.params).toEqual({ name: 'comment', arguments: { build: '3', body: 'yes', step: 7 } });
  });

  test('with a tool per choice, a question without {answer} has no fields, and decline needs a tool', () => {
    const accept = { tool: 'approve', arguments: { id: '{id}' } };
    const decline = { tool: 'reject', arguments: { id: '{id}' } };
    const dialect = of({ answer: { accept, decline } });
    const seen = dialect.decodeTask(json({ state: 'blocked' }), ref);
    const [request] = Object.values((seen.kind === 'value' && seen.value.inputRequests) || {});
    expect(request).toMatchObject({
      actions: ['accept', 'decline'],
      params: { requestedSchema: { type: 'object', properties: {} } },
    });
    expect(dialect.update(ref, { k: { action: 'decline' } }, {})?.params).toEqual({
      name: 'reject',
      arguments: { id: '3' },
    });
  });

  test('an error of the answer tool is a refusal; an error of the cancel tool decides nothing', () => {
    const error = text('Not now', { isError: true });
    expect(of().decodeReply?.(error, ref, 'update')).toEqual({
      kind: 'refused',
      problem: 'Not now',
      verdict: 'refused',
    });
    expect(of().decodeReply?.(error, ref, 'cancel')).toEqual({
      kind: 'refused',
      problem: 'Not now',
      verdict: 'expired',
    });
    expect(of().decodeReply?.(text('ok'), ref, 'update')).toEqual({ kind: 'taken' });
  });
});

test('a job without a cancel tool cannot be cancelled', () => {
  expect(of().cancel(ref)?.params).toEqual({ name: 'cancel_build', arguments: { build: '3' } });
  expect(of({ cancel: undefined }).cancel(ref)).toBeUndefined();
});

test('a job outlives a lost session and a missing tool; only conditions of the mapping end it', () => {
  const judge = (message: string, about: 'get' | 'update') => of().judge({ kind: 'rpc', code: -32602, message }, about);
  expect(of().judge({ kind: 'session-gone', message: '404' }, 'get')).toBe('retry');
  expect(judge('Unknown tool', 'get')).toBe('retry');
  expect(judge('Build not found', 'get')).toBe('expired');
  expect(judge('Unknown tool', 'update')).toBe('refused');
});
