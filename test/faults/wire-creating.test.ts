import { expect, test } from 'vitest';
import { connect } from '../../packages/client/src/connect/connect.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { type Act, complete, serveFaulty } from './faulty-server.ts';
import { verifies } from './scenarios.ts';
import { CORE_TASK, CREATED, callTask, clientOf, RESULT, refused, TASK } from './wire-world.ts';

test(
  verifies(
    'C6',
    'over HTTP several rounds before a task echo each requestState byte for byte, with a new request id each',
  ),
  async () => {
    const states = ['{"round": 1,\t"ü": "\u0000\ud83d\ude00"}', ' b '.repeat(50_000)];
    const question = { method: 'elicitation/create', params: { mode: 'form', message: 'Go?' } };
    const ids: unknown[] = [];
    const server = await serveFaulty(({ method, count, id }) => {
      if (method === 'tasks/get')
        return complete({ ...TASK, status: 'input_required', inputRequests: { go: question } });
      if (method === 'tasks/update') return complete({});
      if (method !== 'tools/call') return undefined;
      ids.push(id);
      const requestState = states[count - 1];
      if (requestState === undefined) return CREATED;
      return { result: { resultType: 'input_required', inputRequests: { go: question }, requestState } };
    });
    const client = await clientOf(server.url);
    const task = await callTask(client);
    expect(task.latest).toMatchObject({ phase: 'asking', taskId: null });
    await answerNow(task, 'go', { action: 'accept', content: { round: 1 } });
    await answerNow(task, 'go', { action: 'accept', content: { round: 2 } });
    const calls = server.requests.filter(({ method }) => method === 'tools/call').map(({ params }) => params);
    expect(calls.map(({ requestState, inputResponses }) => [requestState, inputResponses])).toEqual([
      [undefined, undefined],
      [states[0], { go: { action: 'accept', content: { round: 1 } } }],
      [states[1], { go: { action: 'accept', content: { round: 2 } } }],
    ]);
    expect(new Set(ids).size).toBe(3);
    // The task reuses key and text: it is a new question.
    expect(await task.outcome({ stopOnInput: true })).toEqual({ status: 'input_required' });
    await answerNow(task, 'go', { action: 'decline' });
    expect([server.count('tools/call'), server.count('tasks/update')]).toEqual([3, 1]);
  },
);

test.each([
  [-32601, 200],
  [-32600, 200],
  [-32600, 400],
])(
  `${verifies('C8', 'over HTTP a plain call refused with')} %i and HTTP %i is repeated as a task call`,
  async (code, status) => {
    const core = CORE_TASK;
    const server = await serveFaulty(
      ({ method, params }) => {
        if (method === 'tools/list') return { status: 503 };
        if (method === 'tools/call')
          return params.task === undefined ? refused(code, status) : { result: { task: core } };
        if (method === 'tasks/get') return { result: { ...core, status: 'completed' } };
        return method === 'tasks/result' ? { result: { content: RESULT.content } } : undefined;
      },
      { revision: '2025-11-25' },
    );
    const task = await callTask(await clientOf(server.url));
    expect(await task.outcome()).toMatchObject({ status: 'completed', result: { content: RESULT.content } });
  },
);

test(
  verifies('C7', 'over HTTP a task reply to a call without task support is a typed error with the task id'),
  async () => {
    const core = { taskId: 't-unasked', status: 'working', ttl: 60_000 };
    const server = await serveFaulty(
      ({ method }) => (method === 'tools/call' ? { result: { task: core } } : undefined),
      {
        revision: '2025-11-25',
        taskSupport: 'forbidden',
      },
    );
    const client = await clientOf(server.url);
    await expect(acceptedCall(client, { name: 'deploy' })).rejects.toMatchObject({
      code: 'invalid-response',
      message: expect.stringContaining('t-unasked'),
    });
  },
);

test(verifies('C3', 'over HTTP a connection cut before the reply means one call and an unknown outcome'), async () => {
  const server = await serveFaulty(({ method }) => (method === 'tools/call' ? 'reset' : undefined));
  const client = await clientOf(server.url);
  await expect(acceptedCall(client, { name: 'deploy' })).rejects.toMatchObject({ code: 'connection-lost' });
  expect(server.count('tools/call')).toBe(1);
});

test.each([
  ['an HTML error page', { status: 500, body: '<html>Oops</html>' } as Act],
  ['a JSON-RPC error', { error: { code: -32000, message: 'Server not ready' } } as Act],
  ['invalid JSON', { status: 200, headers: { 'content-type': 'application/json' }, body: '[1,2' } as Act],
])(
  `${verifies('X3', 'connecting to a server that only replies with')} %s is one clear error that names the server`,
  async (_, act) => {
    const server = await serveFaulty(() => act);
    const refusal = await connect({ kind: 'url', url: server.url }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'TaskError', message: expect.stringContaining('127.0.0.1') });
  },
);
