import { expect, test } from 'vitest';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { type Act, complete, serveFaulty } from './faulty-server.ts';
import { verifies } from './scenarios.ts';
import { COMPLETED, CREATED, callTask, clientOf, RESULT, refused, TASK } from './wire-world.ts';
import { QUESTION } from './world.ts';

const HTML = { 'content-type': 'text/html' };

const faults: readonly (readonly [string, Act])[] = [
  ['a connection reset', 'reset'],
  ['502', { status: 502 }],
  ['503', { status: 503, headers: { 'retry-after': '1' } }],
  ['429 with Retry-After in seconds', { status: 429, headers: { 'retry-after': '1' } }],
  ['an HTML error page with status 200', { status: 200, headers: HTML, body: '<html>Gateway</html>' }],
  ['JSON that is no JSON-RPC', { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}' }],
  ['half a JSON document', { status: 200, headers: { 'content-type': 'application/json' }, body: '{"jsonrpc":"2.0",' }],
  ['an internal error', { error: { code: -32603, message: 'Internal error' } }],
];

test.each(faults)(
  `${verifies(['P4', 'X3'], 'over HTTP a poll that fails with')} %s is retried, and the task completes`,
  async (_, fault) => {
    const server = await serveFaulty(({ method, count }) => {
      if (method === 'tools/call') return CREATED;
      if (method !== 'tasks/get') return undefined;
      return count <= 2 ? fault : COMPLETED;
    });
    const task = await callTask(await clientOf(server.url));
    expect(await task.outcome()).toMatchObject({ status: 'completed', result: { content: RESULT.content } });
    expect([server.count('tools/call'), server.count('tasks/get')]).toEqual([1, 3]);
  },
);

test.each([
  ['seconds', () => '2'],
  ['a date', () => new Date(Date.now() + 3_000).toUTCString()],
])(`${verifies('P4', 'over HTTP a poll honours a Retry-After in the form of')} %s`, async (_, after) => {
  const instants: number[] = [];
  const server = await serveFaulty(({ method, count }) => {
    if (method === 'tools/call') return CREATED;
    if (method !== 'tasks/get') return undefined;
    instants.push(Date.now());
    return count === 1 ? { status: 429, headers: { 'retry-after': after() } } : COMPLETED;
  });
  const task = await callTask(await clientOf(server.url));
  expect(await task.outcome()).toMatchObject({ status: 'completed' });
  const [first = 0, second = 0] = instants;
  expect(second - first).toBeGreaterThanOrEqual(1_900);
});

test(
  verifies('P6', 'over HTTP a 401 without credentials returns auth_required, and the tool is not called again'),
  async () => {
    const server = await serveFaulty(({ method }) => {
      if (method === 'tools/call') return CREATED;
      return method === 'tasks/get' ? { status: 401, headers: { 'www-authenticate': 'Bearer' } } : undefined;
    });
    const task = await callTask(await clientOf(server.url));
    expect(await task.outcome()).toEqual({ status: 'auth_required' });
    expect([server.count('tools/call'), server.count('tasks/get')]).toEqual([1, 1]);
    expect(task.latest).toMatchObject({ phase: 'open', taskId: 't1' });
  },
);

test.each([
  [-32602, 200, 'expired', 'settled'],
  [-32602, 404, 'expired', 'settled'],
  [-32601, 200, 'unknown', 'open'],
  [-32601, 404, 'unknown', 'open'],
  [-32021, 400, 'unknown', 'open'],
  [-32003, 400, 'unknown', 'open'],
  [-32020, 400, 'unknown', 'open'],
])(
  `${verifies('P7', 'over HTTP a poll refused with')} %i and HTTP %i ends as %s with its record %s`,
  async (code, status, outcome, phase) => {
    const server = await serveFaulty(({ method }) => {
      if (method === 'tools/call') return CREATED;
      return method === 'tasks/get' ? refused(code, status) : undefined;
    });
    const task = await callTask(await clientOf(server.url));
    expect(await task.outcome()).toMatchObject({ status: outcome, error: { code } });
    expect(task.latest.phase).toBe(phase);
    expect(server.count('tasks/get')).toBe(1);
  },
);

test(verifies('P4', 'over HTTP a poll without a reply times out, is retried, and the task completes'), async () => {
  const server = await serveFaulty(({ method, count }) => {
    if (method === 'tools/call') return CREATED;
    if (method !== 'tasks/get') return undefined;
    return count === 1 ? 'hang' : COMPLETED;
  });
  const task = await callTask(await clientOf(server.url, { requestTimeoutMs: 300 }));
  const warnings: string[] = [];
  for await (const update of task.updates()) if (update.kind === 'warning') warnings.push(update.message);
  expect(warnings).toEqual(['no answer within 0.3 s']);
  expect(await task.outcome()).toMatchObject({ status: 'completed', result: { content: RESULT.content } });
  expect([server.count('tools/call'), server.count('tasks/get')]).toEqual([1, 2]);
});

test(
  verifies('P5', 'over HTTP a server that hangs on every poll is unreachable, and its task stays recorded'),
  async () => {
    const server = await serveFaulty(({ method }) => {
      if (method === 'tools/call') return CREATED;
      return method === 'tasks/get' ? 'hang' : undefined;
    });
    const task = await callTask(await clientOf(server.url, { requestTimeoutMs: 100, maxFailures: 2 }));
    expect(await task.outcome()).toMatchObject({
      status: 'unreachable',
      error: { message: expect.stringContaining('no answer within 0.1 s') },
    });
    expect(task.latest).toMatchObject({ phase: 'open', status: 'working', outcome: null });
  },
);

test.each([true, false])(
  `${verifies('P8', 'over HTTP an update refused for an unknown task is confirmed by one poll')} (task gone: %s)`,
  async (gone) => {
    let polls = 0;
    const server = await serveFaulty(({ method }) => {
      if (method === 'tools/call') return CREATED;
      if (method === 'tasks/update') return refused(-32602);
      if (method !== 'tasks/get') return undefined;
      if (server.count('tasks/update') > 0) {
        polls += 1;
        if (gone) return refused(-32602);
      }
      return complete({ ...TASK, status: 'input_required', inputRequests: { approve: QUESTION } });
    });
    const task = await callTask(await clientOf(server.url));
    for await (const update of task.updates()) if (update.kind === 'question') break;
    await expect(answerNow(task, 'approve', { action: 'decline' })).rejects.toMatchObject({
      code: gone ? 'already-settled' : 'answer-invalid',
    });
    expect(task.latest).toMatchObject(
      gone
        ? { phase: 'settled', outcome: { status: 'expired' } }
        : { phase: 'open', outcome: null, ledger: { approve: { state: 'open' } } },
    );
    expect([server.count('tasks/update'), polls]).toEqual([1, 1]);
  },
);

test.each([true, false])(
  `${verifies('P8', 'over HTTP a cancel refused for an unknown task is confirmed by one poll')} (task gone: %s)`,
  async (gone) => {
    let polls = 0;
    const server = await serveFaulty(({ method }) => {
      if (method === 'tools/call') return CREATED;
      if (method === 'tasks/cancel') return refused(-32602);
      if (method !== 'tasks/get') return undefined;
      if (server.count('tasks/cancel') === 0) return complete(TASK);
      polls += 1;
      return gone ? refused(-32602) : complete(TASK);
    });
    const task = await callTask(await clientOf(server.url));
    await expect(task.cancel()).rejects.toMatchObject({ code: gone ? 'already-settled' : 'rpc-error' });
    expect(task.latest.outcome?.status).toBe(gone ? 'expired' : undefined);
    expect([server.count('tasks/cancel'), polls]).toEqual([1, 1]);
  },
);

test(
  verifies(
    'P9',
    'over HTTP a poll reply about another task, or older than the last, is dropped, and polling continues',
  ),
  async () => {
    const at = (second: number): string => `2026-01-01T00:00:0${second}Z`;
    const failed = { ...TASK, status: 'failed', error: { code: 1, message: 'old' } };
    const server = await serveFaulty(({ method, count }) => {
      if (method === 'tools/call') return CREATED;
      if (method !== 'tasks/get') return undefined;
      if (count === 1) return complete({ ...TASK, statusMessage: 'newest', lastUpdatedAt: at(5) });
      if (count === 2) return complete({ ...failed, taskId: 't2', lastUpdatedAt: at(7) });
      if (count === 3) return complete({ ...failed, lastUpdatedAt: at(4) });
      return complete({ ...TASK, status: 'completed', result: RESULT, lastUpdatedAt: at(6) });
    });
    const task = await callTask(await clientOf(server.url));
    const reported: string[] = [];
    for await (const { kind, record } of task.updates()) {
      if (kind === 'status') reported.push(`${record.status} ${record.statusMessage}`);
    }
    expect(reported).toEqual(['working undefined', 'working newest', 'completed undefined']);
    expect(await task.outcome()).toMatchObject({ status: 'completed', result: { content: RESULT.content } });
    expect(server.count('tasks/get')).toBe(4);
  },
);
