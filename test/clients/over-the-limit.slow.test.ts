import { test } from 'vitest';
import { type ClientCall, REAL_CLIENTS } from './real-clients.ts';
import { bridgeCommand, bridgedDemo, countRequests, endBackground, idInOutput, runClient } from './support.ts';

const LIMIT_MS = 8_000;
/** The report takes 5 s at the normal speed: here it takes far longer than the limit. */
const SPEED = '2.8';
const RESULT = 'Singapore is the slowest region';
const call = { tool: 'report', args: { topic: 'tides' }, limitMs: LIMIT_MS };

test.concurrent.for(REAL_CLIENTS)(
  '$name: a call longer than the client timeout returns early, and the same call again runs nothing twice',
  async (client, { expect }) => {
    const bridged = bridgedDemo(SPEED);
    const brief: ClientCall = { ...call, command: bridgeCommand(bridged, '--hold', '1s') };
    let output = '';
    const runCall = async (next: ClientCall): Promise<string> => {
      output = (await runClient(client, next, bridged.home)).output;
      return output;
    };
    // On a busy machine a client may give up before it connects, and calls again.
    await expect.poll(() => runCall(brief)).toContain('NOT FINISHED');
    const id = idInOutput(output);
    await runCall(brief);
    expect([id, undefined]).toContain(idInOutput(output));
    const wait = { ...brief, tool: 'tasks_wait', args: { id } };
    await expect.poll(() => runCall(wait)).toContain(RESULT);
    expect(countRequests(bridged.demoStore, 'tools/call')).toBe(1);
    endBackground(bridged.home);
  },
);

const limited = REAL_CLIENTS.filter(({ limit }) => limit === 'set by the call');

test.concurrent.for(limited)(
  '$name: without the bridge, the same call is lost at the client timeout',
  async (client, { expect }) => {
    const bridged = bridgedDemo(SPEED);
    const direct = await runClient(client, { ...call, command: bridged.target.slice(1) }, bridged.home);
    expect(direct.output).not.toContain(RESULT);
    expect(direct.code).not.toBe(0);
    endBackground(bridged.home);
  },
);
