import { expect, test } from 'vitest';
import { REAL_CLIENTS } from './real-clients.ts';
import {
  bridgeCommand,
  bridgedDemo,
  countRequests,
  endBackground,
  idOf,
  run,
  runClient,
  startClient,
} from './support.ts';

test.each(REAL_CLIENTS)(
  '$name: an approval is answered from another terminal while the client waits, and its call returns',
  async (client) => {
    const bridged = bridgedDemo('0.1');
    const command = bridgeCommand(bridged, '--hold', '45s');
    const call = { command, tool: 'release', args: { version: '2.4.0' }, limitMs: 60_000 };
    const asking = await startClient(client, call, bridged.home);
    await expect.poll(() => idOf(bridged.home, 'release')).toMatch(/^\w+$/);
    const id = await idOf(bridged.home, 'release');
    for (const answer of ['approve=true', 'strategy=canary'])
      await expect.poll(async () => (await run(['answer', id, '--accept', answer], bridged)).code).toBe(0);
    const first = await asking.done;
    // On a busy machine the hold may end first: the same call again returns the result.
    const { output } = first.output.includes('NOT FINISHED') ? await runClient(client, call, bridged.home) : first;
    expect(output).toContain('2.4.0 is live on staging (canary)');
    expect(countRequests(bridged.demoStore, 'tools/call')).toBe(1);
    endBackground(bridged.home);
  },
);
