import { expect, onTestFinished, test } from 'vitest';
import { idOf, run, start } from '../commands/support.ts';
import { startFourKinds } from './four-kinds.ts';

test.each([
  ['a task of the protocol', 'task'],
  ['a job of a server with start and status tools', 'job'],
  ['an item of a board', 'item'],
  ['a message to an agent', 'message'],
] as const)('%s starts, survives kill -9, and is listed, answered from elsewhere and waited for', async (_, name) => {
  const { home, kinds, stop } = await startFourKinds();
  onTestFinished(stop);
  const { begin, tool, questions, resultText, block, counted } = kinds[name];
  const calling = start([...begin, '--keep-waiting'], { home });
  await calling.waitFor(new RegExp(`${tool} on \\w+`));
  await idOf(home, tool);
  await expect.poll(() => counted().begun).toBe(1);
  await block();
  await calling.waitFor('mcp-tasks answer');
  calling.process.kill('SIGKILL');
  await calling.done;

  const list = await run(['list'], { home });
  const id = await idOf(home, tool);
  expect(list.stdout).toMatch(new RegExp(`${id}\\s+needs input\\s+${tool}.*${questions[0]?.asks}`));
  const waiting = start(['wait', id, '--keep-waiting'], { home });
  for (const { asks, accept } of questions) {
    await waiting.waitFor(asks);
    expect(await run(['answer', id, '--accept', ...accept], { home })).toMatchObject({ code: 0 });
  }
  expect(await waiting.done).toMatchObject({ code: 0, stdout: expect.stringContaining(resultText) });
  expect(counted()).toEqual({ begun: 1, answered: questions.length });
});
