import { expect, test } from 'vitest';
import { freshHome, type Run, run } from '../commands/support.ts';
import { startCase } from './start-case.ts';

async function call(mode: string, home = freshHome()): Promise<Run & { readonly url: string }> {
  const url = `${await startCase('http.mjs', mode)}/mcp`;
  return { url, ...(await run(['call', url, 'echo', '--arg', 'text=hi'], { home })) };
}

test.each([
  ['500', 'probe-500'],
  ['202 and nothing', 'probe-202'],
  ['an empty body', 'probe-empty'],
  ['an error with a null id', 'probe-idnull'],
])('a server that answers server/discover with %s gets the older handshake', async (_, mode) => {
  expect(await call(mode)).toMatchObject({ code: 0, stdout: 'echo hi\n' });
});

test('a server that never answers server/discover gets the older handshake, and no probe the next time', async () => {
  const home = freshHome();
  const url = `${await startCase('http.mjs', 'probe-silent')}/mcp`;
  const args = ['call', url, 'echo', '--arg', 'text=hi'];
  expect(await run(args, { home })).toMatchObject({ code: 0, stdout: 'echo hi\n' });
  const begun = performance.now();
  expect(await run(args, { home })).toMatchObject({ code: 0, stdout: 'echo hi\n' });
  expect(performance.now() - begun).toBeLessThan(14_000);
});

test.each(['ack-400', 'ack-404', 'ack-500'])(
  'a server that refuses notifications/initialized can still be called (%s)',
  async (mode) => {
    expect(await call(mode)).toMatchObject({ code: 0, stdout: 'echo hi\n' });
  },
);

test('a JSON-RPC error under HTTP 500 is the response to the call, shown with its data', async () => {
  const { code, stderr } = await call('why-500');
  expect(code).toBe(1);
  expect(stderr).toContain('failed after 0 s (-32603: the disk is full)');
  expect(stderr).toContain('data: {"path":"/var"}');
});

test.each([
  ['400 with a null id', 'why-400', 'HTTP 400: text is too short'],
  ['422', 'why-422', 'HTTP 422: text is too short'],
  ['403', 'why-403', 'HTTP 403: Your plan does not include echo'],
  ['429', 'why-429', 'HTTP 429: rate limit; it asks to wait 30 s'],
])('a refusal with HTTP %s shows the reason in its body', async (_, mode, reason) => {
  const { code, stderr } = await call(mode);
  expect(code).toBe(1);
  expect(stderr).toContain(`refused echo: ${reason}\n`);
  expect(stderr).not.toMatch(/authentication|-32600|may have run/);
});

test('a refused version shows the error of the server, after every version that it offers was tried', async () => {
  const { code, stderr, url } = await call('init-version');
  expect(code).toBe(1);
  expect(stderr).toBe(
    `error: ${url} refused the connection: Unsupported protocol version (-32602)\ndata: {"supported":["2025-06-18"]}\n`,
  );
});

test('a refused handshake shows the error of the server', async () => {
  const { code, stderr, url } = await call('init-error');
  expect(code).toBe(1);
  expect(stderr).toBe(`error: ${url} refused the connection: The licence of this server has run out (-32603)\n`);
});

test('a capability that is null counts as absent', async () => {
  expect(await call('init-caps')).toMatchObject({ code: 0, stdout: 'echo hi\n' });
});

test('the error of a redirect that is not followed names its target', async () => {
  const slash = await call('to-301');
  expect(slash.code).toBe(4);
  expect(slash.stderr).toContain(`HTTP 301, a redirect to ${slash.url}/ that is not followed`);
  const host = await call('to-host');
  expect(host.code).toBe(4);
  const other = host.url.replace('127.0.0.1', 'localhost').replace('/mcp', '/v2');
  expect(host.stderr).toContain(`HTTP 308, a redirect to ${other} that is not followed`);
});

test('a response counts even if its stream ends without the blank line', async () => {
  expect(await call('no-last-line')).toMatchObject({ code: 0, stdout: 'echo hi\n' });
});

test('an error that is null beside a result counts as absent', async () => {
  expect(await call('error-null')).toMatchObject({ code: 0, stdout: 'echo hi\n' });
});

test('a response under HTTP 202 counts', async () => {
  expect(await call('json-202')).toMatchObject({ code: 0, stdout: 'echo hi\n' });
});
