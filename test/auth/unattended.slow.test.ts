import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshHome, idOf, run, start, terminal } from '../commands/support.ts';
import { verifies } from '../faults/scenarios.ts';
import { serveGuardedDemo, visit } from './guarded-demo.ts';
import { addressOn, signIn, wide } from './sign-in.ts';

const revisions = ['2026-07-28', '2025-11-25'] as const;

test('without a terminal no sign-in starts, no client is registered, and the error names the command to run', async () => {
  const server = await serveGuardedDemo();
  const home = freshHome();
  for (const command of [
    ['tools', server.url],
    ['call', server.url, 'batch'],
    ['watch', server.url, '--jsonl'],
  ]) {
    const { code, stderr, stdout } = await run([...command, '--json'], { home });
    const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { error: { code: string; hint: string } };
    expect([command[0], code, error.code, stdout]).toEqual([command[0], 3, 'auth-required', '']);
    expect(error.hint).toContain(`mcp-tasks tools ${server.url}`);
  }
  const doctor = await run(['doctor', server.url], { home });
  expect(doctor).toMatchObject({ code: 3, stdout: expect.stringContaining(`mcp-tasks tools ${server.url}`) });
  expect(server.registered).toEqual([]);
});

test.each(revisions)(
  verifies('P6', 'a token that expires during a task of %s is refreshed, and only the poll is repeated'),
  async (revision) => {
    const server = await serveGuardedDemo({ speed: 1, revision });
    const home = freshHome();
    await signIn(server, home);
    const calling = start(['call', server.url, 'batch', '--arg', 'items=6', '--json'], { home });
    await calling.waitFor('working  Item');
    server.expire();
    expect(await calling.done).toMatchObject({ code: 0 });
    expect(server.count('tools/call')).toBe(1);
    expect(server.granted('refresh_token')).toBe(1);
    expect(server.granted('authorization_code')).toBe(1);
  },
);

test.each(revisions)(
  verifies('P6', 'without a valid refresh token, a call of %s exits 3, and its task waits for a sign-in'),
  async (revision) => {
    const server = await serveGuardedDemo({ speed: 1, revision });
    const home = freshHome();
    await signIn(server, home);
    const calling = start(['call', server.url, 'batch', '--arg', 'items=6'], { home });
    await calling.waitFor('working  Item');
    server.revoke();
    const { code, stderr } = await calling.done;
    const id = await idOf(home, 'batch');
    expect(code).toBe(3);
    expect(stderr).toContain(`${id}  sign-in needed; the task goes on`);
    expect(stderr).toContain(`mcp-tasks wait ${id}`);
    expect(await run(['wait', id, '--json'], { home })).toMatchObject({ code: 3 });

    await using screen = terminal(['wait', id], { home, ...wide });
    await visit(addressOn(await screen.waitFor('Waiting for the sign-in')));
    expect(await screen.exited).toMatchObject({ code: 0 });
    expect(server.count('tools/call')).toBe(1);
  },
);

test('a failing authorization server delays a poll and requires no new sign-in', async () => {
  const server = await serveGuardedDemo({ speed: 1 });
  const home = freshHome();
  await signIn(server, home);
  const calling = start(['call', server.url, 'batch', '--arg', 'items=6'], { home });
  await calling.waitFor('working  Item');
  server.failTokens(1);
  server.expire();
  expect(await calling.done).toMatchObject({ code: 0 });
  expect(server.granted('refresh_token')).toBe(1);
  expect(server.granted('authorization_code')).toBe(1);
});

test('many polls with an expired token refresh it once, also across processes', async () => {
  const server = await serveGuardedDemo({ speed: 1 });
  const home = freshHome();
  await signIn(server, home);
  for (const items of [5, 6, 7])
    await run(['call', server.url, 'batch', '--arg', `items=${items}`, '--detach'], { home });
  const watching = start(['watch', server.url, '--jsonl'], { home });
  await watching.waitFor('"status":"working"');
  const calling = start(['call', server.url, 'batch', '--arg', 'items=6'], { home });
  await calling.waitFor('working  Item');
  server.expire();
  const ends = await Promise.all([watching.done, calling.done]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  expect(server.reused).toBe(0);
  expect(server.granted('authorization_code')).toBe(1);
});

test('a program signs in with a client id and secret, without a person', async () => {
  const server = await serveGuardedDemo({ client: { id: 'robot', secret: 'hush' } });
  const home = freshHome();
  const flags = ['--client-id', 'robot', '--client-secret-env', 'SECRET', '--issuer', new URL(server.url).origin];
  const env = { SECRET: 'hush' };
  expect(await run(['call', server.url, 'batch', ...flags], { home, env })).toMatchObject({ code: 0 });
  expect(server.count('tools/call')).toBe(1);
  const wrong = await run(['tools', server.url, ...flags], { home, env: { SECRET: 'guessed' } });
  expect(wrong).toMatchObject({ code: 3, stderr: expect.stringContaining('invalid_client') });
  const elsewhere = [...flags.slice(0, -1), 'https://elsewhere.example'];
  const refused = await run(['tools', server.url, ...elsewhere], { home, env });
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('elsewhere.example') });
  expect(server.granted('client_credentials')).toBe(1);
  const unset = await run(['tools', server.url, ...flags], { home });
  expect(unset).toMatchObject({ code: 2, stderr: expect.stringContaining('SECRET is not set') });
});

test('a bearer token comes from an environment variable', async () => {
  const server = await serveGuardedDemo();
  const home = freshHome();
  await signIn(server, home);
  const TOKEN = server.secrets.find((secret) => secret.startsWith('access-')) ?? '';
  const flags = ['--token-env', 'TOKEN'];
  const other = freshHome();
  expect(await run(['call', server.url, 'batch', ...flags], { home: other, env: { TOKEN } })).toMatchObject({
    code: 0,
  });
  const { code, stderr } = await run(['tools', server.url, ...flags], { home: other, env: { TOKEN: 'old' } });
  expect(code).toBe(3);
  expect(stderr).toContain('The server refused this token.');
});

test('no record, event or output line contains a token', async () => {
  const server = await serveGuardedDemo();
  const home = freshHome();
  await signIn(server, home);
  const { stdout, stderr, code } = await run(['call', server.url, 'batch', '--jsonl', '--verbose'], { home });
  expect(code).toBe(0);
  const state = join(home, 'state');
  const records = readdirSync(state, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith('credentials'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  expect(records.length).toBeGreaterThan(0);
  expect(server.secrets.length).toBeGreaterThan(1);
  const everywhere = [stdout, stderr, ...records].join('\n');
  expect(server.secrets.filter((secret) => everywhere.includes(secret))).toEqual([]);
});
