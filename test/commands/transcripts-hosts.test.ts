import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveGuardedDemo } from '../auth/guarded-demo.ts';
import { signIn } from '../auth/sign-in.ts';
import { connectHost, startHost, startHttpBridge } from '../bridge/support.ts';
import { BIN, type Demo, freshHome, run, serveDemo, stdioDemo } from './support.ts';
import { Transcript } from './transcript.ts';

let demo: Demo;

beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

test('bridge install shows the change before it writes it, and uninstall removes it', async () => {
  const home = freshHome();
  const bin = join(home, 'bin');
  mkdirSync(bin);
  symlinkSync(BIN, join(bin, 'mcp-tasks')); // as in an installation
  const script = new Transcript({ home, env: { PATH: `${bin}:${process.env.PATH ?? ''}` } });
  const server = 'https://tasks.example.com/mcp';
  await script.piped('bridge', 'install', 'codex', server);
  await script.typed(['bridge', 'install', 'codex', server], async (tty) => {
    await tty.waitFor('Write it? [y/N]');
    tty.write('n\r');
  });
  await script.typed(['bridge', 'install', 'codex', server], async (tty) => {
    await tty.waitFor('Write it? [y/N]');
    tty.write('y\r');
  });
  await script.piped('bridge', 'install', 'codex', server);
  await script.piped('bridge', 'install', 'claude-code', server, '--name', 'tasks', '--yes');
  await script.piped('bridge', 'install', 'codecs', server);
  await script.piped('bridge', 'install', 'gemini', 'demo', '--yes');
  mkdirSync(join(home, '.cursor'));
  writeFileSync(join(home, '.cursor', 'mcp.json'), JSON.stringify({ mcpServers: { ci: { url: server } } }));
  await script.piped('bridge', 'install', 'cursor', 'ci', '--name', 'ci', '--yes');
  await script.piped('bridge', 'install', 'cursor', 'ci', '--yes');
  await script.piped('bridge', 'uninstall', 'codex', 'tasks-example-com', '--yes');
  await script.piped('bridge', 'uninstall', 'codex', 'tasks-example-com', '--yes');
  await script.piped('bridge', 'uninstall', 'gemini', 'demo', '--yes');
  await script.typed(['bridge', 'uninstall', 'claude-code', 'tasks'], async (tty) => {
    await tty.waitFor('Write it? [y/N]');
    tty.write('y\r');
  });
  await script.matches('bridge-install');
});

test('bridge status lists fronts, keepers, open calls and learned limits', async () => {
  const home = freshHome();
  const script = new Transcript({ home });
  await script.piped('bridge', 'status');
  await script.piped('bridge', 'status', '--json');
  const host = await startHost({ home, demoStore: '', target: stdioDemo(home) }, ['--hold', '200ms']);
  await host.call('batch', { items: 3600 });
  await script.piped('bridge', 'status');
  await script.typed(['bridge', 'status']);
  await script.piped('bridge', 'status', '--json');
  await host.close();
  await script.matches('bridge-status');
});

test('bridge status lists fronts over HTTP, held calls, learned limits and undelivered results', async () => {
  const home = freshHome();
  const script = new Transcript({ home });
  const bridged = { home, demoStore: '', target: stdioDemo(home) };
  // The hold outlasts the test: a learned hold of 5 s would end the held call too early.
  const http = await startHttpBridge(bridged, ['--hold', '10m']);
  const host = await connectHost(http);
  const batch = { name: 'batch', arguments: { items: 3600 } };
  const gaveUp = host.callTool(batch, undefined, { timeout: 1_000 });
  await expect(gaveUp).rejects.toThrow('timed out');
  const learned = (): boolean => existsSync(join(home, 'state', 'bridge', 'learned-holds.json'));
  await expect.poll(learned).toBe(true);
  const held = host.callTool(batch, undefined, { timeout: 600_000 }).catch(() => undefined);
  await expect.poll(() => heldIn(home)).toEqual([1]);
  await script.piped('bridge', 'status');
  await script.piped('doctor', ...bridged.target);
  await script.piped('doctor', '--', process.execPath, BIN, 'bridge', '--questions', 'both', ...bridged.target);
  await host.close();
  await held;
  await http.stop();
  await script.matches('bridge-status-http');
});

async function heldIn(home: string): Promise<readonly number[]> {
  const { fronts } = JSON.parse((await run(['bridge', 'status', '--json'], { home })).stdout);
  return fronts.map((front: { readonly held: number }) => front.held);
}

test('logout deletes the saved sign-in of one server or of all', async () => {
  const server = await serveGuardedDemo();
  const home = freshHome();
  const script = new Transcript({ home });
  await script.piped('logout', server.url);
  await signIn(server, home);
  await script.piped('logout', server.url);
  await signIn(server, home);
  await script.typed(['logout', server.url]);
  await script.piped('logout', '--all');
  await script.typed(['logout', '--all']);
  await script.piped('logout', '--all', '--json');
  await script.piped('logout', '--all', server.url);
  await script.matches('logout');
});

test('allow confirms the servers of a project, lists them, and revokes a confirmation', async () => {
  const home = freshHome();
  const project = projectWith(home, { release: { url: demo.url }, broken: { command: 'no-such-command' } });
  const script = new Transcript({ home, cwd: project });
  await script.piped('allow');
  await script.typed(['allow', '.mcp.json:release']);
  await script.piped('allow');
  await script.typed(['allow']);
  await script.piped('allow', '--json');
  await script.piped('allow', '.mcp.json:relaese');
  await script.piped('allow', 'missing.json');
  await script.piped('allow', '.mcp.json', '--revoke');
  await script.typed(['allow', '.mcp.json', '--revoke']);
  await script.matches('allow');
});

function projectWith(home: string, mcpServers: object): string {
  const project = join(home, 'project');
  mkdirSync(project);
  writeFileSync(join(project, '.mcp.json'), JSON.stringify({ mcpServers }));
  return project;
}
