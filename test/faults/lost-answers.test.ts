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
    says: (next: string) => {
      status = next;
    },
    slow: (yes: boolean) => {
      isSlow = yes;
    },
    answerPoll: (value: JsonObject) => poll?.(value),
  };
}

test(
  verifies(['Q3', 'Q13'], 'an answer that a broken stream swallowed goes out again by itself when the question does'),
  async () => {
    const server = coreServer();
    const world = createWorld(server.script, { revision: '2025-11-25' });
    const task = await callTask(world);
    await world.clock.advance(1_000);
    const swallowed = world.connection.ask('elicitation/create', ASKED);
    await world.clock.settle();
    const [key = ''] = Object.keys(openQuestions(task.latest));
    await answerNow(task, key, ACCEPT);
    expect(await swallowed).toEqual(ACCEPT);
    server.breakStream();
    await world.clock.advance(5_000);
    expect(await world.connection.ask('elicitation/create', ASKED)).toEqual(ACCEPT);
    expect(openQuestions(task.latest)).toEqual({});
    await world.client.close();
  },
);

test(verifies(['Q3', 'Q13'], 'so it does when the process that sent it was replaced'), async () => {
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
});

test(verifies('Q1', 'the same words asked again once the task went on are a question anew, for a person'), async () => {
  const server = coreServer();
  const world = createWorld(server.script, { revision: '2025-11-25' });
  const task = await callTask(world);
  await world.clock.advance(1_000);
  void world.connection.ask('elicitation/create', ASKED);
  await world.clock.settle();
  const [key = ''] = Object.keys(openQuestions(task.latest));
  await answerNow(task, key, ACCEPT);
  server.says('working');
  await world.clock.advance(2_000);
  expect(JSON.stringify(task.latest.ledger)).not.toContain('accept');
  server.says('input_required');
  server.breakStream();
  await world.clock.advance(5_000);
  void world.connection.ask('elicitation/create', ASKED);
  await world.clock.settle();
  expect(Object.keys(openQuestions(task.latest))).toEqual([`${key}-2`]);
  await world.client.close();
});

test(verifies('Q6', 'a poll that was out before the question came does not take the question away'), async () => {
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
