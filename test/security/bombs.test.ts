import { constants } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { freshHome, start } from '../commands/support.ts';
import { verifies } from '../faults/scenarios.ts';
import { type Act, startFaulty, type WireRequest } from '../faults/start-faulty.ts';

/** Placeholder for the next cursor, which must differ on each page: a repeated cursor would end the list. */
const CURSOR = 'NEXT PAGE';

/** A body encoded once and sent again as bytes; the command decodes it each time. */
function bomb(result: unknown): Act {
  const parts = JSON.stringify(result).split(CURSOR);
  let sent = 0;
  return {
    write: (response, id) => {
      sent += 1;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${parts.join(String(sent))}}`);
    },
  };
}

const pageOfTools = bomb({
  resultType: 'complete',
  tools: Array.from({ length: 10 }, (_, at) => ({
    name: `t${at}`,
    inputSchema: { type: 'object', properties: { a: { enum: Array.from({ length: 400_000 }, (_, each) => each) } } },
  })),
  nextCursor: CURSOR,
  ttlMs: 0,
  cacheScope: 'private',
});
const question = { method: 'elicitation/create', params: { mode: 'form', message: '?' } };
const asking = {
  resultType: 'complete',
  taskId: 't1',
  status: 'input_required',
  createdAt: '2026-11-01T00:00:00Z',
  lastUpdatedAt: '2026-11-01T00:00:00Z',
  ttlMs: null,
  pollIntervalMs: 250,
};
const millionQuestions = bomb({
  ...asking,
  inputRequests: Object.fromEntries(Array.from({ length: 600_000 }, (_, at) => [`q${at}`, question])),
});
const created: Act = { result: { ...asking, resultType: 'task', status: 'working' } };

const drip: Act = {
  // An endless reply in small parts.
  write: (response, id) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"tools":[`);
    const timer = setInterval(() => response.write('[],'.repeat(10_000)), 20);
    response.on('close', () => clearInterval(timer));
  },
};

const SERVERS = [
  ['whose list of tools has endless huge pages', 'tools/list', pageOfTools],
  ['whose list of tools is one endless reply', 'tools/list', drip],
  ['that never answers the list of tools', 'tools/list', 'hang'],
  ['that never answers the handshake', 'server/discover', 'hang'],
  ['that asks half a million questions at each poll', 'tasks/get', millionQuestions],
] as const;

/** Time to decode one huge reply, in ms: a second on a quiet machine. */
const SLACK_MS = 15_000;

async function serve(method: string, act: Act): Promise<string> {
  const answer = (request: WireRequest): Act | undefined => {
    if (request.method === method) return act;
    return request.method === 'tools/call' ? created : undefined;
  };
  const server = await startFaulty(answer);
  onTestFinished(() => server.stop());
  return server.url;
}

test.each(SERVERS)(`${verifies('S5', '--timeout ends a call of a server')} %s`, async (_, method, act) => {
  const url = await serve(method, act);
  const begun = Date.now();
  const { code } = await start(['call', url, 'deploy', '--timeout', '3s'], { home: freshHome(), stdin: '' }).done;
  expect(code).toBe(7);
  expect(Date.now() - begun).toBeLessThan(3_000 + SLACK_MS);
});

test.each(SERVERS)(`${verifies('S5', 'Ctrl-C ends a call of a server')} %s`, async (_, method, act) => {
  let asked: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const url = await serve(method, {
    write: (response, id) => {
      asked();
      if (typeof act === 'object' && 'write' in act) act.write(response, id);
    },
  });
  const calling = start(['call', url, 'deploy'], { home: freshHome(), stdin: '' });
  await arrived;
  const begun = Date.now();
  calling.process.kill(constants.signals.SIGINT);
  expect((await calling.done).code).toBe(130);
  expect(Date.now() - begun).toBeLessThan(SLACK_MS);
});
