import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { freshHome, run } from '../commands/support.ts';
import { serveHttp } from './support.ts';

const base = fileURLToPath(new URL('../cases/stdio-base.mjs', import.meta.url));

/** Calls a stdio server's tool that replies with this text. */
function call(answer: string) {
  const source = `
    import(${JSON.stringify(base)}).then(({ initialize, send, serve }) => serve({
      initialize,
      'tools/list': { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] },
      'tools/call': (m) => send({ id: m.id, ${answer} }),
    }));`;
  return run(['call', 'echo', '--', process.execPath, '-e', source], { home: freshHome() });
}

test('an error that requires opening a page shows its URL, and the error code once', async () => {
  const { code, stderr } = await call(`error: {
    code: -32042,
    message: 'MCP error -32042: Sign in to the calendar first',
    data: { elicitations: [{ mode: 'url', elicitationId: 'e1', url: 'https://calendar.test/grant', message: 'Grant access' }] },
  }`);
  expect(code).toBe(1);
  expect(stderr).toContain('(-32042: Sign in to the calendar first)');
  expect(stderr).toContain('Open https://calendar.test/grant (Grant access)');
  expect(stderr).not.toContain('MCP error');
});

test('the data of an error is truncated, without its escape sequences', async () => {
  const { stderr } = await call(`error: { code: -32000, message: 'no', data: '\\u001b[2J' + 'x'.repeat(100000) }`);
  const [line = ''] = stderr.split('\n').filter((each) => each.startsWith('data: '));
  expect(line.length).toBeLessThan(1_100);
  expect(line).not.toContain('\u001b');
});

test('a call with an unknown outcome exits with 8', async () => {
  const { code, stdout } = await call(
    `result: { task: { taskId: 't1', status: 'working', createdAt: '', lastUpdatedAt: '', ttl: null } }`,
  );
  expect({ code, stdout }).toEqual({ code: 8, stdout: '' });
});

test('the error for a reply of another content type names the type', async () => {
  const server = await serveHttp((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end('hello');
  });
  onTestFinished(() => server.stop());
  const { code, stderr } = await run(['tools', server.url], { home: freshHome() });
  expect(code).toBe(4);
  expect(stderr).toContain(`${server.url} answers with text/plain, not with JSON or a stream of events`);
});

test.each([
  ['{"error":"invalid_grant","error_description":"The grant has expired"}', 'invalid_grant: The grant has expired'],
  ['{"title":"Not allowed","detail":"Ask the owner of the project"}', 'Not allowed: Ask the owner of the project'],
  ['{"detail":[{"loc":["body"],"msg":"field required"}]}', 'field required'],
  ['<html><head><title>400 Request Too Odd</title></head></html>', 'Request Too Odd'],
  ['the quota is\nused up', 'the quota is used up'],
])('the reason in the body %s is shown when connecting is refused', async (body, reason) => {
  const server = await serveHttp((_, response) => void response.writeHead(400).end(body));
  onTestFinished(() => server.stop());
  const { stderr } = await run(['tools', server.url], { home: freshHome() });
  expect(stderr).toContain(`${server.url} answers HTTP 400: ${reason}\n`);
});
