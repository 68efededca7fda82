import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, test } from 'vitest';
import { BIN, run } from '../commands/support.ts';
import { bridgedDemo, bridgeHome, startHost, stateOf, textOf } from './support.ts';

/** A server that starts once, and then never answers again. */
function singleStartServer(home: string): readonly string[] {
  const script = join(home, 'server.sh');
  const demo = [process.execPath, BIN, 'demo', '--stdio'].map((word) => `'${word}'`).join(' ');
  writeFileSync(
    script,
    `if [ -e '${home}/started' ]; then exec cat >/dev/null; fi; touch '${home}/started'; exec ${demo}\n`,
  );
  return ['--', 'sh', script];
}

test('a bridge lists the tools of its cache while its server does not answer', async () => {
  const home = bridgeHome();
  const bridged = { home, target: singleStartServer(home) };
  const first = await startHost(bridged);
  const { tools } = await first.client.listTools();
  await first.close();
  await run(['keepers', '--stop'], { home, env: { MCP_TASKS_HOME: stateOf(bridged) } });
  const second = await startHost(bridged);
  expect((await second.client.listTools()).tools).toEqual(tools);
  expect(second.client.getServerVersion()?.name).toBe('mcp-tasks-demo');
  expect(second.client.getInstructions()).toEqual(first.client.getInstructions());
  await second.close();
});

test('a host whose first requests were answered from the cache still gets questions as forms', async () => {
  const bridged = bridgedDemo();
  await (await startHost(bridged)).close();
  const host = await startHost(bridged, ['--model-may-answer'], { capabilities: { elicitation: {} } });
  const asked: string[] = [];
  host.client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
    asked.push(params.message);
    return { action: 'decline' };
  });
  await host.client.listTools();
  const result = await host.call('release', { service: 'checkout' });
  expect(asked).toEqual([expect.stringContaining('Release checkout')]);
  expect(textOf(result)).not.toContain('NOT FINISHED');
  await host.close();
});
