import { setTimeout as sleep } from 'node:timers/promises';
import { ElicitRequestSchema, type ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import { expect, test } from 'vitest';
import { verifies } from '../faults/scenarios.ts';
import { type Bridged, type BridgedHost, bridgedDemo, idIn, run, startHost, textOf } from './support.ts';

const FORMS = { capabilities: { elicitation: { form: {} } } };

/** A host that answers each form after a delay. */
async function startAnsweringHost(
  bridged: Bridged,
  answer: ElicitResult,
  afterMs: number,
): Promise<BridgedHost & { asked: string[] }> {
  const asked: string[] = [];
  const host = await startHost(bridged, ['--hold', '20s'], FORMS);
  host.client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
    asked.push(params.message);
    await sleep(afterMs);
    const isStrategy = answer.action === 'accept' && params.message.startsWith('How');
    return isStrategy ? { action: 'accept', content: { strategy: 'canary' } } : answer;
  });
  return { ...host, asked };
}

const approve: ElicitResult = { action: 'accept', content: { approve: true } };

test('a person at the host answers the questions of a held call, and the call returns its result', async () => {
  const host = await startAnsweringHost(bridgedDemo('0.05'), approve, 1_200);
  const result = await host.call('release', { version: '2.4.0' }, { timeout: 40_000 });
  expect(textOf(result)).toContain('2.4.0 is live on staging (canary)');
  expect(host.asked).toHaveLength(2);
  await host.close();
});

/** Answers both questions of a release in turn, as a person at a terminal does. */
async function answerInTerminal(bridged: Bridged, id: string): Promise<void> {
  for (const answer of ['approve=true', 'strategy=canary']) {
    await expect
      .poll(async () => (await run(['answer', id, '--accept', answer], bridged)).code, { timeout: 20_000 })
      .toBe(0);
  }
}

test.each<[ElicitResult, number]>([
  [{ action: 'decline' }, 1],
  [approve, 1],
  [{ action: 'cancel' }, 2],
])(
  verifies('B2', 'an automatic host answer of %j decides nothing: the question stays open for a terminal'),
  async (answer, asked) => {
    const bridged = bridgedDemo('0.05');
    const host = await startAnsweringHost(bridged, answer, 0);
    const calling = host.call('release', { version: '2.4.0' }, { timeout: 60_000 });
    await expect.poll(() => host.asked.length, { timeout: 20_000 }).toBe(1);
    const { stdout } = await run(['list', '--json'], bridged);
    const [{ task }] = JSON.parse(stdout).tasks as [{ task: { id: string } }];
    await expect
      .poll(async () => JSON.parse((await run(['get', task.id, '--json'], bridged)).stdout).task.status, {
        timeout: 10_000,
      })
      .toBe('input_required');
    await answerInTerminal(bridged, task.id);
    expect(textOf(await calling)).toContain('2.4.0 is live');
    expect(host.asked).toHaveLength(asked);
    await host.close();
  },
  60_000,
);

test('a host without forms gets the answer command to show to the user', async () => {
  const bridged = bridgedDemo('0.05');
  const host = await startHost(bridged, ['--hold', '1s']);
  await expect
    .poll(async () => textOf(await host.call('release', { version: '2.4.0' })), { timeout: 20_000 })
    .toMatch(/waits for a person to decide[\s\S]*mcp-tasks answer \w+/);
  const id = idIn(await host.call('release', { version: '2.4.0' }));
  await answerInTerminal(bridged, id);
  await expect
    .poll(async () => textOf(await host.call('tasks_wait', { id })), { timeout: 20_000 })
    .not.toContain('NOT FINISHED');
  await host.close();
});
