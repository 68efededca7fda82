import { expect, test } from 'vitest';
import { verifies } from '../faults/scenarios.ts';
import { BIN, bridgedDemo, run, startHost } from './support.ts';

test(verifies('B3', 'a host of 2025-11-25 that requests a task gets the task, its status and its result'), async () => {
  const host = await startHost(bridgedDemo('0.05'));
  const kinds: string[] = [];
  const stream = host.client.experimental.tasks.callToolStream(
    { name: 'report', arguments: { topic: 'tides' } },
    undefined,
    {
      task: { ttl: 60_000 },
    },
  );
  for await (const message of stream) kinds.push(message.type);
  expect(kinds[0]).toBe('taskCreated');
  expect(kinds.at(-1)).toBe('result');
  await host.close();
});

test(verifies('B3', 'a host of 2026-07-28 with tasks gets a task: mcp-tasks call in front of a bridge'), async () => {
  const bridged = bridgedDemo('0.05');
  const far = { ...bridged, home: `${bridged.home}/host` };
  const bridge = ['--', process.execPath, BIN, 'bridge', '--home', `${bridged.home}/state`, ...bridged.target];
  const { stdout, stderr, code } = await run(['call', '--json', '--arg', 'topic=tides', 'report', ...bridge], {
    home: bridged.home,
    env: { MCP_TASKS_HOME: far.home },
  });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { task, outcome } = JSON.parse(stdout);
  expect([task.revision, task.status, outcome.status]).toEqual(['2026-07-28', 'completed', 'completed']);
});
