import type { TaskStore } from '@mcp-tasks/client';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { expect, onTestFinished, test } from 'vitest';
import { createPace } from './options.ts';
import { createTaskHost, type TaskHost } from './task-host.ts';
import { stateOf } from './task-record.ts';
import { accepted, type DemoTool, form, text } from './tool.ts';

const word = (message: string) => ({ word: form(message, { word: { type: 'string' } }, ['word']) });
const answer = (given: string) => ({ word: { action: 'accept', content: { word: given } } });

/** Asks twice under the same key, and counts how often its function begins. */
function askingTwice(begun: { count: number }): DemoTool {
  return {
    name: 'twice',
    title: 'Twice',
    description: 'Asks twice.',
    inputSchema: { type: 'object' },
    taskSupport: 'optional',
    run: async ({ ask, work }) => {
      begun.count += 1;
      await work('Preparing', 0);
      const first = accepted(await ask('First', word('First?')), 'word')?.word;
      const second = accepted(await ask('Second', word('Second?')), 'word')?.word;
      return { result: text(`${first} ${second}`) };
    },
  };
}

async function open(store: TaskStore, tool: DemoTool, events: string[] = []): Promise<TaskHost> {
  const host = await createTaskHost({
    ...{ store, tools: new Map([[tool.name, tool]]), pace: createPace(0), chaos: {}, pageBase: () => '' },
    onStep: (record, event) => events.push(`${event} ${stateOf(record).position}`),
  });
  onTestFinished(() => host.stop());
  return host;
}

const asks = async (host: TaskHost, id: string): Promise<unknown> => {
  const record = await host.find(id);
  return record?.status === 'input_required' ? record.inputRequests.word?.params.message : record?.status;
};

test('a tool resumes in another process at its recorded step, with the answers given so far', async () => {
  const store = createMemoryStore();
  const begun = { count: 0 };
  const events: string[] = [];
  const tool = askingTwice(begun);
  const first = await open(store, tool, events);
  const { id } = await first.create({ tool, args: {} });
  await expect.poll(() => asks(first, id)).toBe('First?');
  await first.answer(id, 1, answer('one'));
  expect(await asks(first, id)).toBe('Second?');
  await first.stop();

  const before = begun.count;
  const second = await open(store, tool, events);
  expect([await asks(second, id), begun.count]).toEqual(['Second?', before + 1]);
  await second.answer(id, 1, answer('late'));
  expect(await asks(second, id)).toBe('Second?');
  await second.answer(id, 2, answer('two'));
  expect((await second.find(id))?.outcome?.result).toEqual(text('one two'));
  expect(events).toEqual(['created 0', 'stepped 1', 'answered 2', 'completed 3']);
});

test('cancelling a task aborts the signal of its tool, and the end of the tool changes nothing', async () => {
  let signal: AbortSignal | undefined;
  const tool: DemoTool = {
    ...askingTwice({ count: 0 }),
    run: async (context) => {
      signal = context.signal;
      await context.ask('Waiting', word('Go on?'));
      return { result: text('never') };
    },
  };
  const host = await open(createMemoryStore(), tool);
  const { id } = await host.create({ tool, args: {} });
  await host.cancel(id, false);
  expect([(await host.find(id))?.outcome, signal?.aborted]).toEqual([{ status: 'cancelled' }, true]);
});

test('a tool that throws an unexpected error ends its task as failed', async () => {
  const tool: DemoTool = {
    ...askingTwice({ count: 0 }),
    run: async ({ work }) => {
      await work('Working', 0);
      throw new TypeError('a bug');
    },
  };
  const host = await open(createMemoryStore(), tool);
  const { id } = await host.create({ tool, args: {} });
  await expect
    .poll(async () => (await host.find(id))?.outcome)
    .toMatchObject({
      status: 'failed',
      error: { code: -32603, message: 'The tool broke' },
    });
});
