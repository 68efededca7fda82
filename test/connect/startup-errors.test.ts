import { connect } from '@mcp-tasks/client/connect';
import { expect, test } from 'vitest';

async function startupErrorOf(source: string): Promise<{ readonly message: string; readonly hint?: string }> {
  return connect({ kind: 'command', command: process.execPath, args: ['-e', source] }).then(
    () => Promise.reject(new Error('It started')),
    (error: unknown) => error as Error,
  );
}

test('the error for a server that throws at startup quotes the line with its error, not the runtime version', async () => {
  const { message } = await startupErrorOf('throw new Error("DATABASE_URL is not set")');
  expect(message).toMatch(/did not start a server, it ended with code 1: Error: DATABASE_URL is not set$/);
});

test('the hint of a startup error quotes the four lines after the error', async () => {
  const lines = ['starting', 'Error: no licence', ...Array.from({ length: 9 }, (_, at) => `line ${at}`)];
  const { message, hint } = await startupErrorOf(`console.error(${JSON.stringify(lines.join('\n'))}); process.exit(2)`);
  expect(message).toMatch(/: Error: no licence$/);
  expect(hint).toBe('It also said:\nline 0\nline 1\nline 2\nline 3');
});

test('a reply with a null id counts for the pending request of the handshake', async () => {
  const source = `
    const say = (message) => console.log(JSON.stringify({ jsonrpc: '2.0', ...message }));
    require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const { id, method, params } = JSON.parse(line);
      if (id === undefined) return;
      if (method !== 'initialize') return say({ id: null, error: { code: -32600, message: 'not understood' } });
      const serverInfo = { name: 'null-ids', version: '1' };
      say({ id, result: { protocolVersion: params.protocolVersion, capabilities: {}, serverInfo } });
    });`;
  const silences: string[] = [];
  const connection = await connect(
    { kind: 'command', command: process.execPath, args: ['-e', source] },
    { onDiscoverySilence: () => silences.push('silence') },
  );
  expect(silences).toEqual([]);
  await connection.close();
});

test('a server that ignores server/discover is reported, and skipDiscovery omits the request', async () => {
  const source = `
    require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const { id, method, params } = JSON.parse(line);
      if (method === 'server/discover') console.error('asked');
      if (method !== 'initialize') return;
      const serverInfo = { name: 'silent', version: '1' };
      const result = { protocolVersion: params.protocolVersion, capabilities: {}, serverInfo };
      console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
    });`;
  const target = { kind: 'command', command: process.execPath, args: ['-e', source] } as const;
  const events: string[] = [];
  const options = { onStderr: (line: string) => events.push(line), onDiscoverySilence: () => events.push('silence') };
  await (await connect(target, { ...options, timeoutMs: 4_000 })).close();
  expect(events).toEqual(['asked', 'silence']);
  await (await connect(target, { ...options, skipDiscovery: true })).close();
  expect(events).toEqual(['asked', 'silence']);
});
