import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REAL_CLIENTS } from './real-clients.ts';
import { bridgeCommand, bridgedDemo, countRequests, endBackground, runTogether } from './support.ts';

test.each(REAL_CLIENTS)(
  '$name: two clients that make the same call at once share one call of the server and its result',
  async (client) => {
    const bridged = bridgedDemo('1');
    const command = bridgeCommand(bridged, '--hold', '40s');
    const call = { command, tool: 'report', args: { topic: 'tides' }, limitMs: 55_000 };
    const folders = ['one', 'two'].map((name) => join(bridged.home, name));
    for (const folder of folders) mkdirSync(folder);
    const runs = await runTogether(client, call, folders);
    for (const { output } of runs) expect(output).toContain('Singapore is the slowest region');
    expect(countRequests(bridged.demoStore, 'tools/call')).toBe(1);
    for (const folder of folders) endBackground(folder);
  },
);
