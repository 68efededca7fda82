import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BIN, type Demo, freshHome, idOf, type Run, run, serveDemo, terminal } from './support.ts';

let demo: Demo;

beforeAll(async () => {
  demo = await serveDemo(freshHome(), '--token', 'sesame');
});
afterAll(() => demo.stop());

interface Host {
  readonly file: string;
  readonly content: (name: string, url: string) => string;
  readonly env?: Readonly<Record<string, string>>;
}

const AUTHORIZATION = `"headers": { "Authorization": "Bearer \${TOKEN:-sesame}" }`;
const servers = (key: string) => (name: string, url: string) =>
  `{ "${key}": { "${name}": { "type": "http", "url": "${url}", ${AUTHORIZATION} } } }`;

/** Configuration files of each host, below a home with `project` as the working directory. */
const HOSTS: Readonly<Record<string, Host>> = {
  'a project (.mcp.json)': { file: 'project/.mcp.json', content: servers('mcpServers') },
  'VS Code in a project': {
    file: 'project/.vscode/mcp.json',
    content: (name, url) => `{ // comments and a last comma are fine\n${servers('servers')(name, url).slice(1, -1)}, }`,
  },
  'Cursor in a project': { file: 'project/.cursor/mcp.json', content: servers('mcpServers') },
  'Claude Code': { file: '.claude.json', content: servers('mcpServers') },
  'Claude Desktop': { file: '.config/Claude/claude_desktop_config.json', content: servers('mcpServers') },
  'VS Code': { file: '.config/Code/User/mcp.json', content: servers('servers') },
  Cursor: { file: '.cursor/mcp.json', content: servers('mcpServers') },
  Windsurf: {
    file: '.codeium/windsurf/mcp_config.json',
    content: (name, url) => `{ "mcpServers": { "${name}": { "serverUrl": "${url}", ${AUTHORIZATION} } } }`,
  },
  Codex: {
    file: '.codex/config.toml',
    content: (name, url) => `[mcp_servers.${name}]\nurl = "${url}"\nbearer_token_env_var = "TOKEN"\n`,
    env: { TOKEN: 'sesame' },
  },
};

function write(home: string, file: string, content: string): string {
  const path = join(home, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

function project(): { readonly home: string; readonly cwd: string } {
  const home = freshHome();
  const cwd = join(home, 'project');
  mkdirSync(cwd);
  return { home, cwd };
}

test.each(Object.keys(HOSTS))(
  'a server in the configuration of %s is called by its name, and the file stays unchanged',
  async (name) => {
    const host = HOSTS[name];
    if (host === undefined) throw new Error(name);
    const { home, cwd } = project();
    const path = write(home, host.file, host.content('board', demo.url));
    const beside = () => readdirSync(dirname(path)).filter((file) => file !== 'state');
    const before = [readFileSync(path, 'utf8'), statSync(path).mtimeMs, beside()];
    const options = { home, cwd, ...(host.env === undefined ? {} : { env: host.env }) };
    if (host.file.startsWith('project/')) await run(['allow', path], options);
    const called = await run(['call', 'board', 'hello', '--arg', 'name=Ada'], options);
    expect(called).toMatchObject({ code: 0, stdout: 'Hello, Ada.\n' });
    const { stdout } = await run(['servers', '--json'], options);
    expect(JSON.parse(stdout).servers).toMatchObject([{ name: 'board', wins: true, answers: true }]);
    expect([readFileSync(path, 'utf8'), statSync(path).mtimeMs, beside()]).toEqual(before);
  },
);

test('a stdio server gets the arguments, the environment and the directory of its entry', async () => {
  const { home, cwd } = project();
  const here = createHash('sha1').update(cwd).digest('hex').slice(0, 6);
  const entry = { command: `\${NODE}`, args: [BIN, 'demo', '--stdio', '--store', './tasks'], cwd: `./${here}` };
  mkdirSync(join(cwd, here));
  write(home, 'project/.mcp.json', JSON.stringify({ mcpServers: { local: entry } }));
  const env = { NODE: process.execPath };
  await run(['allow', '.mcp.json'], { home, cwd });
  expect(await run(['call', 'local', 'hello'], { home, cwd, env })).toMatchObject({ code: 0 });
  expect(readdirSync(join(cwd, here))).toEqual(['tasks']);

  const script = 'console.error(process.env.GREETING + " from " + process.cwd()); process.exit(1)';
  const flags = ['--env', 'GREETING=hello', '--cwd', here, '--', process.execPath, '-e', script];
  const failed = await run(['tools', ...flags], { home, cwd });
  expect(failed.stderr).toContain(`hello from ${join(cwd, here)}`);
});

test('a name in two files resolves to the nearer file, with a note; file.json:name selects the other', async () => {
  const { home, cwd } = project();
  write(home, 'project/.mcp.json', servers('mcpServers')('board', demo.url));
  write(home, '.cursor/mcp.json', servers('mcpServers')('board', 'http://127.0.0.1:9/mcp'));
  await run(['allow', '.mcp.json:board'], { home, cwd });
  const near = await run(['call', 'board', 'hello'], { home, cwd });
  expect(near.code).toBe(0);
  expect(near.stderr).toContain('"board" of .mcp.json is used; it is also in ~/.cursor/mcp.json');
  const far = await run(['call', join(home, '.cursor/mcp.json:board'), 'hello'], { home, cwd });
  expect(far).toMatchObject({ code: 4 });
  expect(far.stderr).toContain('127.0.0.1:9');
  const listed = JSON.parse((await run(['servers', '--no-connect', '--json'], { home, cwd })).stdout).servers;
  expect(listed.map(({ wins }: { wins: boolean }) => wins)).toEqual([true, false]);
});

test('a flag replaces a value that a file takes from its host or from a variable', async () => {
  const { home, cwd } = project();
  const unset = { type: 'http', url: demo.url, headers: { authorization: `Bearer \${NOT_SET}` } };
  const entry = { command: process.execPath, args: [BIN, 'demo', '--stdio'], env: { KEY: `\${input:key}` } };
  write(home, 'project/.mcp.json', JSON.stringify({ mcpServers: { unset, asking: entry } }));
  await run(['allow', '.mcp.json'], { home, cwd });
  const refused = await run(['tools', 'asking'], { home, cwd });
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('with -H or --env') });
  expect(await run(['tools', 'asking', '--env', 'KEY=1'], { home, cwd })).toMatchObject({ code: 0 });
  expect(await run(['tools', 'unset'], { home, cwd })).toMatchObject({ code: 2 });
  const given = ['-H', 'Authorization: Bearer sesame'];
  expect(await run(['tools', 'unset', ...given], { home, cwd })).toMatchObject({ code: 0 });
});

test('the error for a missing configuration file names the file', async () => {
  const { home, cwd } = project();
  const missed = await run(['tools', 'mcp.json:board'], { home, cwd });
  expect(missed).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no file mcp.json') });
});

test('a broken configuration file is reported by name, and the other files are still read', async () => {
  const { home, cwd } = project();
  write(home, 'project/.mcp.json', '{ "mcpServers": ');
  write(home, '.cursor/mcp.json', servers('mcpServers')('board', demo.url));
  expect(await run(['call', 'board', 'hello'], { home, cwd })).toMatchObject({ code: 0 });
  const listed = await run(['servers'], { home, cwd });
  expect(listed.stderr).toContain('.mcp.json is not JSON');
  expect(listed.stdout).toContain('board');
});

test('credentials come from flags and the environment, and are never saved', async () => {
  const { home } = project();
  const env = { MY_TOKEN: 'sesame' };
  const refused = await run(['call', demo.url, 'batch', '--arg', 'items=10', '--detach'], { home });
  expect(refused.code).toBe(3);
  const words = ['call', demo.url, 'batch', '--arg', 'items=10', '--detach'];
  const begun = await run([...words, '--token-env', 'MY_TOKEN', '-H', 'X-Secret: open-it'], { home, env });
  expect(begun.code).toBe(0);
  const id = begun.stdout.trim();
  expect(await run(['wait', id], { home })).toMatchObject({ code: 3 });
  expect(await run(['wait', id, '-H', 'Authorization: Bearer sesame'], { home })).toMatchObject({ code: 0 });
  const unset = await run(['tools', demo.url, '--token-env', 'NOT_SET'], { home });
  expect(unset).toMatchObject({ code: 2, stderr: expect.stringContaining('NOT_SET is not set') });
  for (const name of readdirSync(join(home, 'state'))) {
    const bytes = statSync(join(home, 'state', name)).isFile() ? readFileSync(join(home, 'state', name), 'latin1') : '';
    expect(bytes).not.toMatch(/sesame|open-it/);
  }
});

test('after a failed sign-in at a terminal, the hint does not suggest signing in at a terminal', async () => {
  const { home } = project();
  await using term = terminal(['tools', demo.url], { home, columns: 200 });
  expect(await term.exited).toMatchObject({ code: 3 });
  expect(term.screen()).toContain('Give a token: --token-env NAME');
  expect(term.screen()).not.toContain('at a terminal');
});

test('an answer or a cancel that requires a sign-in is saved, and the error mentions it', async () => {
  const { home } = project();
  const token = ['--token-env', 'MY_TOKEN'];
  const options = { home, env: { MY_TOKEN: 'sesame' } };
  await run(['call', demo.url, 'survey', ...token], options);
  const id = await idOf(home, 'survey');
  const unsent = {
    code: 3,
    stderr: expect.stringMatching(/is saved, but the server has not confirmed it: .* requires a sign-in/),
  };
  expect(await run(['answer', id, 'you', '--decline'], { home })).toMatchObject(unsent);
  expect(await run(['cancel', id], { home })).toMatchObject(unsent);
  const waited = await run(['wait', id, ...token], options);
  expect(waited).toMatchObject({ code: 1, stderr: expect.stringContaining('cancelled') });
});

test('a bare host on this machine means http', async () => {
  const { home } = project();
  const host = demo.url.replace('http://', '');
  const called = await run(['call', host, 'hello', '-H', 'Authorization: Bearer sesame'], { home });
  expect(called).toMatchObject({ code: 0, stdout: 'Hello, world.\n' });
});

test('MCP_TASKS_NO_UI, CI, --no-ui and a dumb terminal show no form; NO_COLOR and FORCE_COLOR apply', async () => {
  const { home } = project();
  const server = await serveDemo(home);
  const plain: readonly (readonly [Record<string, string>, readonly string[]])[] = [
    [{ MCP_TASKS_NO_UI: '1' }, []],
    [{ CI: 'true' }, []],
    [{ TERM: 'dumb' }, []],
    [{}, ['--no-ui']],
  ];
  for (const [env, flags] of plain) {
    await using term = terminal(['call', server.url, 'release', ...flags], { home, env, columns: 100, rows: 60 });
    expect(await term.exited).toMatchObject({ code: 6 });
    expect(term.scrollback()).toContain('Answer with: mcp-tasks answer');
    expect(term.raw()).not.toContain('\u001b[');
  }
  const colours = async (env: Record<string, string>): Promise<boolean> => {
    await using term = terminal(['call', server.url, 'release'], { home, env });
    await term.waitFor('Approve');
    return /\u001b\[[0-9;]*3\dm/.test(term.raw());
  };
  expect(await colours({ NO_COLOR: '1' })).toBe(false);
  expect(await colours({ FORCE_COLOR: '0' })).toBe(false);
  expect(await colours({ FORCE_COLOR: '1' })).toBe(true);
  expect(await colours({ CI: 'false' })).toBe(true);
  await server.stop();
});

test('MCP_TASKS_HOME moves the records, and an unambiguous prefix of an id finds its record', async () => {
  const { home } = project();
  const server = await serveDemo(home);
  const env = { MCP_TASKS_HOME: join(home, 'elsewhere') };
  const ids: string[] = [];
  for (let count = 0; count < 2; count += 1) {
    const { stdout } = await run(['call', server.url, 'batch', '--arg', 'items=3600', '--detach'], { home, env });
    ids.push(stdout.trim());
  }
  expect((await run(['list', '--json'], { home })).stdout).toContain('"tasks": []');
  const [first = '', second = ''] = ids;
  const same = [...first].findIndex((letter, at) => letter !== second[at]);
  const read = (await run(['get', first.slice(0, same + 1), '--json'], { home, env })) as Run;
  expect(JSON.parse(read.stdout).task.id).toBe(first);
  await server.stop();
});
