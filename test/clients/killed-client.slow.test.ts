import { expect, test } from 'vitest';
import { REAL_CLIENTS } from './real-clients.ts';
import { bridgeCommand, bridgedDemo, countRequests, endBackground, runClient, startClient } from './support.ts';

test.each(REAL_CLIENTS)(
  '$name: after kill -9 and a restart, the same call returns the result, and nothing runs twice',
  async (client) => {
    const bridged = bridgedDemo('1');
    const command = bridgeCommand(bridged, '--hold', '40s');
    const call = { command, tool: 'report', args: { topic: 'tides' }, limitMs: 55_000 };
    const killed = await startClient(client, call, bridged.home);
    await expect.poll(() => countRequests(bridged.demoStore, 'tools/call')).toBe(1);
    killed.kill();
    await killed.done;
    const { output } = await runClient(client, call, bridged.home);
    expect(output).toMatch(/Nothing was (started twice|run again)/);
    expect(output).toContain('Singapore is the slowest region');
    expect(countRequests(bridged.demoStore, 'tools/call')).toBe(1);
    endBackground(bridged.home);
  },
);
