import { connect } from '@mcp-tasks/client/connect';
import { expect, onTestFinished, test } from 'vitest';
import { type Act, serveFaulty } from '../faults/faulty-server.ts';
import { freePort } from '../support/free-port.ts';
import { serveHttp } from './support.ts';

/** Refuses the first requests, then answers normally. */
async function refusing(times: number, act: Act | (() => Act)) {
  let left = times;
  const instants: number[] = [];
  const server = await serveFaulty(() => {
    instants.push(performance.now());
    left -= 1;
    if (left < 0) return undefined;
    return typeof act === 'function' ? act() : act;
  });
  return { ...server, instants };
}

const passing: readonly (readonly [string, Act])[] = [
  ['503', { status: 503 }],
  ['429', { status: 429 }],
  ['a reset', 'reset'],
];

test.each(passing)('connecting retries a server that answers %s twice while it starts', async (_, act) => {
  const { url } = await refusing(2, act);
  const connection = await connect({ kind: 'url', url });
  expect(connection.negotiated.revision).toBe('2026-07-28');
  await connection.close();
});

test('connecting retries until the server listens', async () => {
  const port = await freePort();
  const connecting = connect({ kind: 'url', url: `http://127.0.0.1:${port}/mcp` });
  const { url, requests } = await serveFaulty(() => undefined, { port });
  const connection = await connecting;
  expect(url).toContain(String(port));
  expect(requests.length).toBeGreaterThan(0);
  await connection.close();
});

test('connecting gives up after the third failure', async () => {
  let requests = 0;
  const server = await serveHttp((_, response) => {
    requests += 1;
    response.writeHead(503).end();
  });
  onTestFinished(() => server.stop());
  await expect(connect({ kind: 'url', url: server.url })).rejects.toMatchObject({ code: 'unreachable' });
  // Includes the legacy handshake: a gateway may answer 503 to a method that its server does not know.
  expect(requests).toBe(4);
});

test.each([401, 403, 404, 400])('connecting does not retry after HTTP %i', async (status) => {
  const seen = new Set<string>();
  const bodies: string[] = [];
  const server = await serveHttp((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      bodies.push(body);
      seen.add((JSON.parse(body || '{}') as { method?: string }).method ?? '');
      response.writeHead(status).end();
    });
  });
  onTestFinished(() => server.stop());
  await expect(connect({ kind: 'url', url: server.url })).rejects.toThrow(String(status));
  // `server/discover` and the legacy handshake: each once.
  expect(bodies.length).toBe(seen.size);
});

test.each([
  ['seconds', () => '1'],
  ['a date', () => new Date(Date.now() + 2_000).toUTCString()],
])('connecting honours a Retry-After in the form of %s', async (_, after) => {
  const { url, instants } = await refusing(1, () => ({ status: 503, headers: { 'retry-after': after() } }));
  await (await connect({ kind: 'url', url })).close();
  expect((instants[1] ?? 0) - (instants[0] ?? 0)).toBeGreaterThanOrEqual(900);
});

test('connecting fails at once when Retry-After exceeds the timeout', async () => {
  const { url, requests } = await refusing(9, { status: 503, headers: { 'retry-after': '3600' } });
  await expect(connect({ kind: 'url', url }, { timeoutMs: 30_000 })).rejects.toMatchObject({ code: 'unreachable' });
  expect(requests).toHaveLength(1);
});

test('an abort ends connecting while it waits to retry', async () => {
  const { url } = await refusing(9, { status: 503, headers: { 'retry-after': '20' } });
  const signal = AbortSignal.timeout(300);
  await expect(connect({ kind: 'url', url }, { signal })).rejects.toMatchObject({ code: 'aborted' });
});

test('a failed call is not retried', async () => {
  const server = await serveFaulty(({ method }) => (method === 'tools/call' ? { status: 503 } : undefined));
  const connection = await connect({ kind: 'url', url: server.url });
  await expect(connection.request('tools/call', { name: 'deploy' })).rejects.toMatchObject({
    failure: { kind: 'http', status: 503 },
  });
  expect(server.count('tools/call')).toBe(1);
  await connection.close();
});
