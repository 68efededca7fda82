import { test } from 'vitest';
import { type ClientCall, REAL_CLIENTS } from './real-clients.ts';
import { bridgeCommand, bridgedDemo, countRequests, endBackground, idInOutput, runClient } from './support.ts';

const LIMIT_MS = 8_000;
/** The report takes 5 s at the normal speed: here it takes far longer than the limit. */
const SPEED = '2.8';
const RESULT = 'Singapore is the slowest region';
const call = { tool: 'report', args: { topic: 'tides' }, limitMs: LIMIT_MS };

test.concurrent.for(REAL_CLIENTS)(
  '$name: a call longer than the limit of the client comes back, and the same call twice is one call of the server',
  async (client, { expect }) => {
    const bridged = bridgedDemo(SPEED);
    const brief: ClientCall = { ...call, command: bridgeCommand(bridged, '--hold', '1s') };
    let said = '';
    const say = async (next: ClientCall): Promise<string> => {
      said = (await runClient(client, next, bridged.home)).output;
      return said;
    };
    // On a busy machine a client may give up before it connects, and calls again.
    await expect.poll(() => say(brief)).toContain('NOT FINISHED');
    const id = idInOutput(said);
    await say(brief);
    expect([id, undefined]).toContain(idInOutput(said));
    const wait = { ...brief, tool: 'tasks_wait', args: { id } };
    await expect.poll(() => say(wait)).toContain(RESULT);
    expect(countRequests(bridged.demoStore, 'tools/call')).toBe(1);
    endBackground(bridged.home);
  },
);

const limited = REAL_CLIENTS.filter(({ limit }) => limit === 'as told');

test.concurrent.for(limited)(
  '$name: without the bridge the same call is lost at the limit',
  async (client, { expect }) => {
    const bridged = bridgedDemo(SPEED);
    const direct = await runClient(client, { ...call, command: bridged.target.slice(1) }, bridged.home);
    expect(direct.output).not.toContain(RESULT);
    expect(direct.code).not.toBe(0);
    endBackground(bridged.home);
  },
);
