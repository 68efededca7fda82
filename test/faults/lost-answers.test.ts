import { expect, test } from 'vitest';
import type { JsonObject } from '../../packages/client/src/task/json.ts';
import { openQuestions } from '../../packages/client/src/task/record.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import type { Script } from '../../packages/client/src/testing/index.ts';
import { verifies } from './scenarios.ts';
import { ACCEPT, CORE_WORKING, callTask, createWorld, QUESTION } from './world.ts';

const related = { _meta: { 'io.modelcontextprotocol/related-task': { taskId: 't1' } } };
const ASKED = { ...QUESTION.params, ...related };

/** A server of 2025-11-25 with breakable streams and slow polls. */
function coreServer() {
  const streams: ((error: Error) => void)[] = [];
  let status = 'input_required';
  let poll: ((value: JsonObject) => void) | undefined;
  let isSlow = false;
  const script: Script = ({ method }) => {
    if (method === 'tools/list') return { tools: [{ name: 'deploy', execution: { taskSupport: 'required' } }] };
    if (method === 'tools/call') return { task: CORE_WORKING };
    if (method === 'tasks/result') return new Promise<JsonObject>((_, reject) => streams.push(reject));
    if (!isSlow) return { ...CORE_WORKING, status };
    return new Promise<JsonObject>((resolve) => {
      poll = resolve;
    });
  };
  return {
    script,
    breakStream: () => streams.shift()?.(new Error('the stream broke')),
    setStatus: (next: string) => {
      status = next;
    },
    slow: (yes: boolean) => {
      isSlow = yes;
    },
    answerPoll: (value: JsonObject) => poll?.(value),
  };
}

test(
  verifies(['Q3', 'Q13'], 'an answer lost with a broken stream is sent again when the server repeats the question'),
  async () => {
    const server = coreServer();
    const world = createWorld(server.script, { revision: '2025-11-25' });
    const task = await callTask(world);
    await world.clock.advance(1_000);
    const first = world.connection.ask('elicitation/create', ASKED);
    await world.clock.settle();
    const [key = ''] = Object.keys(openQuestions(task.latest));
    await answerNow(task, key, ACCEPT);
    expect(await first).toEqual(ACCEPT);
    server.breakStream();
    await world.clock.advance(5_000);
    expect(await world.connection.ask('elicitation/create', ASKED)).toEqual(ACCEPT);
    expect(openQuestions(task.latest)).toEqual({});
    await world.client.close();
  },
);

test(
  verifies(
    ['Q3', 'Q13'],
    'an answer of a closed process is sent again by the next process when the server repeats the question',
  ),
  async () => {
    const server = coreServer();
    const world = createWorld(server.script, { revision: '2025-11-25' });
    const task = await callTask(world);
    await world.clock.advance(1_000);
    void world.connection.ask('elicitation/create', ASKED);
    await world.clock.settle();
    const [key = ''] = Object.keys(openQuestions(task.latest));
    await answerNow(task, key, ACCEPT);
    await world.client.close();
    const next = world.another();
    const again = await next.client.get('t1').follow();
    await next.clock.advance(5_000);
    expect(await next.connection.ask('elicitation/create', ASKED)).toEqual(ACCEPT);
    expect(openQuestions(again.latest)).toEqual({});
    await next.client.close();
  },
);

test(verifies('Q1', 'a question repeated after the task has continued is a new question for the person'), async () => {
  const server = coreServer();
  const world = createWorld(server.script, { revision: '2025-11-25' });
  const task = await callTask(world);
  await world.clock.advance(1_000);
  void world.connection.ask('elicitation/create', ASKED);
  await world.clock.settle();
  const [key = ''] = Object.keys(openQuestions(task.latest));
  await answerNow(task, key, ACCEPT);
  server.setStatus('working');
  await world.clock.advance(2_000);
  expect(JSON.stringify(task.latest.ledger)).not.toContain('accept');
  server.setStatus('input_required');
  server.breakStream();
  await world.clock.advance(5_000);
  void world.connection.ask('elicitation/create', ASKED);
  await world.clock.settle();
  expect(Object.keys(openQuestions(task.latest))).toEqual([`${key}-2`]);
  await world.client.close();
});

test(verifies('Q6', 'the reply to a poll sent before a question does not withdraw the question'), async () => {
  const server = coreServer();
  const world = createWorld(server.script, { revision: '2025-11-25' });
  const task = await callTask(world);
  await world.clock.advance(1_000);
  server.slow(true);
  await world.clock.advance(2_000);
  void world.connection.ask('elicitation/create', ASKED);
  await world.clock.settle();
  server.answerPoll({ ...CORE_WORKING, status: 'working' });
  server.slow(false);
  await world.clock.advance(3_000);
  expect(Object.keys(openQuestions(task.latest))).toHaveLength(1);
  await world.client.close();
});
