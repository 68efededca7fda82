import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Agent } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { requestOver } from './pool-request.ts';

test('a request that is aborted while its socket is being opened fails at once', async () => {
  // Accepts connections and never finishes the TLS handshake.
  const server = createServer((socket) => void socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const pool = new Agent({ connect: { timeout: 0 } });
  onTestFinished(async () => {
    await pool.destroy();
    server.close();
  });
  const abort = new AbortController();
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connected = once(server, 'connection');
  const sent = requestOver(pool, {
    ...{ origin, path: '/', method: 'GET', headers: {}, body: null, signal: abort.signal },
    onEvent: () => false,
  });
  await connected;
  abort.abort();
  await expect(sent).rejects.toMatchObject({ failure: { kind: 'aborted' } });
});
