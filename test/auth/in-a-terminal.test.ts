import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freshHome, idOf, run, start, terminal } from '../commands/support.ts';
import { freePort } from '../support/free-port.ts';
import { serveGuardedDemo, visit } from './guarded-demo.ts';
import { addressOn, signIn, wide } from './sign-in.ts';

test('a person signs in at the URL on the screen, and the saved tokens last until logout', async () => {
  const server = await serveGuardedDemo();
  const home = freshHome();
  await using screen = terminal(['tools', server.url], { home, ...wide });
  const shown = await screen.waitFor('Waiting for the sign-in');
  expect(shown).toContain(`host  ${new URL(server.url).host}`);
  const address = addressOn(shown);
  expect(new URL(address).searchParams.get('code_challenge_method')).toBe('S256');
  expect(await visit(address)).toBe(200);
  await screen.waitForOutput('release');
  expect(await screen.exited).toMatchObject({ code: 0 });

  expect(await run(['tools', server.url, '--json'], { home })).toMatchObject({ code: 0, stderr: '' });
  expect(server.granted('authorization_code')).toBe(1);

  const directory = join(home, 'state', 'credentials');
  const files = readdirSync(directory);
  expect(files).toHaveLength(1);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(files.map((name) => statSync(join(directory, name)).mode & 0o777)).toEqual([0o600]);

  const { host } = new URL(server.url);
  expect(await run(['logout', server.url], { home })).toMatchObject({ code: 0, stdout: `Signed out of ${host}.\n` });
  expect(readdirSync(directory)).toEqual([]);
  expect(await run(['tools', server.url], { home })).toMatchObject({ code: 3 });
});

test('logout --all signs out of every server, and takes no single target', async () => {
  const home = freshHome();
  const servers = [await serveGuardedDemo(), await serveGuardedDemo()];
  for (const { url } of servers) {
    await using screen = terminal(['tools', url], { home, ...wide });
    await visit(addressOn(await screen.waitFor('Waiting for the sign-in')));
    expect(await screen.exited).toMatchObject({ code: 0 });
  }
  const [first] = servers;
  const both = await run(['logout', first?.url ?? '', '--all'], { home });
  expect(both).toEqual({ code: 2, stdout: '', stderr: `error: Give --all or ${first?.url}, not both\n` });
  for (const { url } of servers) expect(await run(['tools', url, '--json'], { home })).toMatchObject({ code: 0 });
  expect(await run(['logout', '--all'], { home })).toEqual({
    code: 0,
    stdout: 'Signed out of every server.\n',
    stderr: '',
  });
  for (const { url } of servers) expect(await run(['tools', url], { home })).toMatchObject({ code: 3 });
});

test('Ctrl-C during a sign-in saves no token and calls nothing', async () => {
  const server = await serveGuardedDemo();
  const home = freshHome();
  await using screen = terminal(['call', server.url, 'batch'], { home, ...wide });
  await screen.waitFor('Waiting for the sign-in');
  screen.press('ctrlC');
  expect(await screen.exited).toMatchObject({ code: 130 });
  expect(screen.scrollback()).toContain('nothing was called');
  expect(server.count('tools/call')).toBe(0);
  expect(server.granted('authorization_code')).toBe(0);
});

test('a sign-in declined in the browser exits 3 and shows access_denied', async () => {
  const server = await serveGuardedDemo({ refuses: true });
  const home = freshHome();
  await using screen = terminal(['tools', server.url], { home, ...wide });
  await visit(addressOn(await screen.waitFor('Waiting for the sign-in')));
  expect(await screen.exited).toMatchObject({ code: 3 });
  expect(screen.scrollback()).toMatch(/error: .*access_denied/);
});

test('without a redirect to this machine, a person pastes the final URL of the sign-in', async () => {
  const server = await serveGuardedDemo();
  const home = freshHome();
  await using screen = terminal(['tools', server.url], { home, ...wide });
  const address = addressOn(await screen.waitFor('Waiting for the sign-in'));
  const { headers } = await fetch(address, { redirect: 'manual' });
  screen.write('http://127.0.0.1/callback?state=guessed&code=stolen\r');
  await screen.waitForOutput('That is not the address the sign-in ended at. Paste it whole.');
  screen.write(`${headers.get('location')}\r`);
  expect(await screen.exited).toMatchObject({ code: 0 });
});

test('a wait whose tokens are revoked asks for a new sign-in and continues', async () => {
  const server = await serveGuardedDemo({ speed: 1 });
  const home = freshHome();
  await signIn(server, home);
  await using screen = terminal(['call', server.url, 'batch', '--arg', 'items=4'], { home, ...wide });
  await screen.waitForOutput('batch on');
  server.revoke();
  await visit(addressOn(await screen.waitFor('Waiting for the sign-in')));
  expect(await screen.exited).toMatchObject({ code: 0 });
  expect(server.count('tools/call')).toBe(1);
  expect(server.granted('authorization_code')).toBe(2);
});

test('several waits on one server ask for one sign-in', async () => {
  const server = await serveGuardedDemo({ speed: 1 });
  const home = freshHome();
  await signIn(server, home);
  for (const items of [3, 4]) await run(['call', server.url, 'batch', '--arg', `items=${items}`, '--detach'], { home });
  server.revoke();
  const { tasks } = JSON.parse((await run(['list', '--json'], { home })).stdout) as {
    tasks: { task: { id: string } }[];
  };
  await using screen = terminal(['wait', ...tasks.map(({ task }) => task.id)], { home, ...wide });
  await visit(addressOn(await screen.waitFor('Waiting for the sign-in')));
  expect(await screen.exited).toMatchObject({ code: 0 });
  expect(server.granted('authorization_code')).toBe(2);
});

test('the live view shows the command that signs in, and reconnects after the sign-in', async () => {
  const server = await serveGuardedDemo({ speed: 1 });
  const home = freshHome();
  await signIn(server, home);
  await run(['call', server.url, 'batch', '--arg', 'items=3600', '--detach'], { home });
  await using view = terminal(['watch', server.url], { home, ...wide });
  await view.waitFor('connected');
  server.revoke();
  await view.waitFor('sign-in needed');
  await view.waitFor(`mcp-tasks tools ${server.url}`);
  await signIn(server, home);
  await view.waitFor('connected');
  view.write('q');
  await view.exited;
  expect(server.count('tools/call')).toBe(1);
});

test('the view of a server without a sign-in shows how to sign in', async () => {
  const server = await serveGuardedDemo();
  const home = freshHome();
  await using view = terminal(['watch', server.url], { home, ...wide });
  await view.waitFor('sign-in needed');
  await view.waitFor(`mcp-tasks tools ${server.url}`);
  await signIn(server, home);
  await view.waitFor('Press n to start a call');
  view.write('q');
  expect(await view.exited).toMatchObject({ code: 0 });
});

test('an answer that needs a new sign-in is sent once, after it', async () => {
  const server = await serveGuardedDemo();
  const home = freshHome();
  await signIn(server, home);
  const asked = start(['call', server.url, 'release', '--keep-waiting'], { home });
  await asked.waitFor('asks approval');
  asked.process.kill('SIGINT');
  expect(await asked.done).toMatchObject({ code: 130 });
  const id = await idOf(home, 'release');
  server.revoke();
  await using screen = terminal(['answer', id, '--accept', 'approve=true'], { home, ...wide });
  await visit(addressOn(await screen.waitFor('Waiting for the sign-in')));
  expect(await screen.exited).toMatchObject({ code: 0 });
  expect(server.count('tasks/update')).toBe(1);
});

test('a person signs in with a registered client, its secret and its fixed callback port', async () => {
  const port = await freePort();
  const redirect = `http://127.0.0.1:${port}/callback`;
  const server = await serveGuardedDemo({ client: { id: 'desk', secret: 'hush-hush', redirect }, speed: 1 });
  const home = freshHome();
  const env = { SECRET: 'hush-hush' };
  const client = ['--client-id', 'desk', '--client-secret-env', 'SECRET', '--issuer', new URL(server.url).origin];
  const flags = [...client, '--sign-in', '--callback-port', String(port)];
  await using screen = terminal(['tools', server.url, ...flags], { home, env, ...wide });
  const address = addressOn(await screen.waitFor('Waiting for the sign-in'));
  expect(new URL(address).searchParams.get('code_challenge_method')).toBe('S256');
  expect(await visit(address)).toBe(200);
  expect(await screen.exited).toMatchObject({ code: 0 });

  const calling = start(['call', server.url, 'batch', '--arg', 'items=6', ...flags], { home, env });
  await calling.waitFor('working  Item');
  server.expire();
  expect(await calling.done).toMatchObject({ code: 0 });
  expect([server.granted('authorization_code'), server.granted('refresh_token')]).toEqual([1, 1]);
  expect([server.count('tools/call'), server.registered]).toEqual([1, []]);
  const kept = readdirSync(join(home, 'state'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  expect(kept.filter((text) => text.includes('hush-hush'))).toEqual([]);
});

test('a client secret is not sent to another authorization server; a busy callback port is named', async () => {
  const port = await freePort();
  const redirect = `http://127.0.0.1:${port}/callback`;
  const server = await serveGuardedDemo({ client: { id: 'desk', secret: 'hush-hush', redirect } });
  const home = freshHome();
  const env = { SECRET: 'hush-hush' };
  const client = ['--client-id', 'desk', '--client-secret-env', 'SECRET', '--sign-in', '--callback-port', String(port)];
  const elsewhere = ['--issuer', 'https://elsewhere.example'];
  await using refused = terminal(['tools', server.url, ...client, ...elsewhere], { home, env, ...wide });
  expect(await refused.exited).toMatchObject({ code: 3 });
  expect(refused.scrollback().replaceAll('\n', '')).toContain('elsewhere.example');

  const other = createServer().listen(port, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  await using busy = terminal(['tools', server.url, ...client], { home, env, ...wide });
  expect(await busy.exited).toMatchObject({ code: 3 });
  expect(busy.scrollback()).toContain(`Port ${port} of --callback-port is taken`);
  expect(server.registered).toEqual([]);
});
