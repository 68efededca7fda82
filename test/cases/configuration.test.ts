import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { freshHome, type Run, run } from '../commands/support.ts';

const SHOW = fileURLToPath(new URL('config/show.mjs', import.meta.url));
const home = realpathSync(freshHome());
const project = join(home, 'p');

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

const node = (more: object = {}): object => ({ command: 'node', args: [SHOW], ...more });
const json = (value: unknown): string => JSON.stringify(value);

beforeAll(() => {
  mkdirSync(join(project, 'sub'), { recursive: true });
  write(
    join(home, '.codex/config.toml'),
    `[mcp_servers.codex]\ncommand = "node"\nargs = ["${SHOW}"]\nenv_vars = ["KEY", "NOT_SET"]\n` +
      `[mcp_servers.tilde]\ncommand = "node"\nargs = ["${SHOW}"]\ncwd = "~"\n`,
  );
  const own = { [project]: { mcpServers: { own: node() } }, [join(home, 'p2')]: { mcpServers: { other: node() } } };
  write(join(home, '.claude.json'), json({ mcpServers: { mine: node() }, projects: own }));
  const mcpServers = {
    off: node({ disabled: true }),
    list: { command: ['node', SHOW] },
    nested: { transport: { type: 'http', url: 'http://127.0.0.1:9/mcp' } },
    null: node({ env: { KEY: null } }),
    line: { command: `node ${SHOW}` },
    demo: node(),
    'a:b': node(),
    sse: { type: 'sse', url: 'http://127.0.0.1:9/sse' },
    file: node({ envFile: `\${workspaceFolder}/.env`, env: { OTHER: '1' } }),
    missing: node({ envFile: 'no-such.env' }),
    odd: node({ env: { KEY: { nested: true } } }),
    asks: node({ env: { KEY: `\${command:pick}` } }),
  };
  write(join(project, '.mcp.json'), json({ mcpServers }));
  write(join(project, '.env'), '# of the project\nKEY="from the file"\n');
  const opencode = { oc: { type: 'local', command: ['node', SHOW], environment: { KEY: '{env:FROM}' } } };
  write(join(project, 'opencode.json'), json({ mcp: opencode }));
  write(join(project, 'zed.json'), `{ // Zed\n"context_servers": { "z": ${json(node({ source: 'custom' }))}, }, }`);
  write(join(project, 'zed-old.json'), json({ context_servers: { z: { command: { path: 'node', args: [SHOW] } } } }));
  write(join(project, 'settings.json'), json({ mcp: { inputs: [], servers: { s: node() } } }));
  write(
    join(project, 'goose.yaml'),
    `extensions:\n  g:\n    type: stdio\n    cmd: node\n    args: ["${SHOW}"]\n    envs: { KEY: goose }\n  dev: { type: builtin }\n`,
  );
  const utf16 = json({ mcpServers: { u: node() } });
  write(join(project, 'utf16.json'), Buffer.from(`\ufeff${utf16}`, 'utf16le'));
  write(join(project, 'utf16be.json'), Buffer.from(`\ufeff${utf16}`, 'utf16le').swap16());
  write(join(project, 'nothing.json'), json({ theme: 'dark' }));
  // Personal files of the other hosts.
  write(join(home, '.gemini/settings.json'), json({ mcp: { allowed: ['x'] }, mcpServers: { gemini: node() } }));
  write(join(home, '.lmstudio/mcp.json'), json({ mcpServers: { lmstudio: node() } }));
  write(join(home, '.copilot/mcp-config.json'), json({ mcpServers: { copilot: { type: 'local', ...node() } } }));
  write(
    join(home, '.config/goose/config.yaml'),
    `extensions:\n  goose: { type: stdio, cmd: node, args: ["${SHOW}"] }\n`,
  );
  write(join(home, '.config/zed/settings.json'), json({ context_servers: { zed: node() } }));
  write(
    join(home, '.config/opencode/opencode.json'),
    json({ mcp: { opencode: { type: 'local', command: ['node', SHOW] } } }),
  );
  write(
    join(home, '.config/Code/User/settings.json'),
    `{ "mcp": { "servers": { "code": ${json(node())} } }, /* x */ }`,
  );
});

const call = (
  name: string,
  { cwd = project, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Run> => run(['call', name, 'show', '--allow-project'], { home, cwd, env: { KEY: 'outer', ...env } });

interface Shown {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly KEY?: string;
}

async function callShow(name: string, options: Parameters<typeof call>[1] = {}): Promise<Shown> {
  const { stdout, stderr, code } = await call(name, options);
  expect([name, code, stderr.includes('error:')]).toEqual([name, 0, false]);
  return JSON.parse(stdout) as Shown;
}

describe('a supported entry', () => {
  test('env_vars of Codex passes on variables that are set, and cwd "~" is the home', async () => {
    expect(await callShow('codex')).toEqual({ args: [], cwd: project, KEY: 'outer' });
    expect(await callShow('tilde')).toEqual({ args: [], cwd: home });
  });

  test('a project entry of ~/.claude.json runs in that project, and is found from its subfolders', async () => {
    expect(await callShow('own')).toMatchObject({ cwd: project });
    expect(await callShow('own', { cwd: join(project, 'sub') })).toMatchObject({ cwd: project });
    expect((await call('other')).stderr).toContain('No server is called "other"');
  });

  test('a server of a personal file runs in the working directory', async () => {
    expect(await callShow('mine', { cwd: join(project, 'sub') })).toMatchObject({ cwd: join(project, 'sub') });
  });

  test('a variable with the value null is not set', async () => {
    expect((await callShow('null')).KEY).toBeUndefined();
  });

  test('envFile of VS Code is read, and a missing file is named in the error', async () => {
    expect(await callShow('file')).toMatchObject({ KEY: 'from the file' });
    expect(await call('missing')).toMatchObject({
      stderr: expect.stringContaining('no-such.env, which cannot be read: ENOENT'),
    });
  });

  test('.mcp.json:a:b names the server a:b', async () => {
    expect(await callShow('.mcp.json:a:b')).toMatchObject({ cwd: project });
  });

  test('a configured server called demo is reached as .mcp.json:demo; plain demo prints that name', async () => {
    expect(await callShow('.mcp.json:demo')).toMatchObject({ cwd: project });
    const { code, stderr } = await run(['tools', 'demo'], { home, cwd: project });
    expect([code, stderr]).toEqual([0, expect.stringContaining('the one of .mcp.json is .mcp.json:demo')]);
  });

  test.each([
    'opencode.json:oc',
    'zed.json:z',
    'zed-old.json:z',
    'settings.json:s',
    'goose.yaml:g',
    'utf16.json:u',
    'utf16be.json:u',
  ])('%s starts its server', async (name) => {
    expect(await callShow(name, { env: { FROM: 'x' } })).toMatchObject({ cwd: project });
  });

  test.each(['gemini', 'lmstudio', 'copilot', 'goose', 'zed', 'opencode', 'code'])(
    '%s is found in the personal file of its host',
    async (name) => {
      expect(await callShow(name)).toMatchObject({ cwd: project });
    },
  );

  test('environment values of opencode and goose reach the server', async () => {
    expect(await callShow('opencode.json:oc', { env: { FROM: 'x' } })).toMatchObject({ KEY: 'x' });
    expect(await callShow('goose.yaml:g')).toMatchObject({ KEY: 'goose' });
  });
});

test.each([
  ['off', '"off" of .mcp.json is disabled'],
  ['line', '"line" of .mcp.json has its arguments in "command"'],
  ['asks', `asks its host for "\${command:pick}"`],
  ['nothing.json:x', 'nothing.json names no server'],
])('%s is refused with the reason', async (name, why) => {
  const { code, stderr } = await call(name);
  expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
});

test('servers lists unusable entries with the reason', async () => {
  const { stdout } = await run(['servers', '--no-connect', '--json'], { home, cwd: project });
  const { servers } = JSON.parse(stdout) as { servers: { name: string; file: string; detail: string | null }[] };
  const of = (name: string) => servers.find((each) => each.name === name && each.file === '.mcp.json')?.detail;
  expect(['off', 'list', 'nested', 'sse'].map(of)).toEqual([
    'is disabled',
    'has a list as its command; write a text, and the rest in args',
    'has neither a command nor a url, but transport',
    'not confirmed',
  ]);
});
