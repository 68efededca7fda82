import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { type Demo, freshHome, idOf, run, serveDemo, stdioDemo } from './support.ts';
import { Transcript } from './transcript.ts';

let demo: Demo;

beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

const COMMANDS = [
  ...['watch', 'call', 'tools', 'servers', 'doctor', 'demo', 'list', 'get', 'result', 'wait', 'answer', 'cancel'],
  ...['forget', 'prune', 'keepers', 'completion'],
];

test('help lists the commands, with examples', async () => {
  const script = new Transcript({ home: freshHome() });
  await script.piped();
  await script.typed(['--help']);
  await script.piped('help', 'exit-codes');
  await script.typed(['help', 'exit-codes']);
  await script.piped('help', 'wathc');
  await script.piped('help', 'exit-code', '--json');
  await script.piped('help', 'help');
  await script.piped('--version');
  await script.piped('wach');
  await script.piped('list', '--al');
  await script.piped('list', '--al', '--json');
  await script.matches('help');
});

test('every command has its own help', async () => {
  const script = new Transcript({ home: freshHome() });
  for (const command of COMMANDS) await script.piped('help', command);
  await script.matches('help-of-commands');
});

test('tools lists the tools of a server, and doctor checks it', async () => {
  const home = freshHome();
  const script = new Transcript({ home });
  await script.piped('tools', demo.url);
  await script.typed(['tools', demo.url]);
  await script.piped('tools', demo.url, '--json');
  await script.piped('doctor', demo.url);
  await script.typed(['doctor', demo.url]);
  await script.piped('doctor', demo.url, '--json');
  await script.piped('doctor', ...stdioDemo(home));
  await script.piped('doctor', 'http://127.0.0.1:1/mcp');
  await script.matches('tools-and-doctor');
});

test('servers of configuration files are targets by their names', async () => {
  const home = freshHome();
  const project = join(home, 'project');
  mkdirSync(join(project, '.vscode'), { recursive: true });
  mkdirSync(join(home, '.codex'), { recursive: true });
  const other = { mcpServers: { release: { url: demo.url }, broken: { command: 'no-such-command' } } };
  writeFileSync(join(project, '.mcp.json'), JSON.stringify(other));
  const code = `{ // comments are fine here\n"servers": { "release": { "url": "http://127.0.0.1:1/mcp" },\n
    "secret": { "url": "\${SERVER_URL}", "headers": { "Authorization": "Bearer \${TOKEN}" } }, } }`;
  writeFileSync(join(project, '.vscode', 'mcp.json'), code);
  writeFileSync(join(home, '.codex', 'config.toml'), `[mcp_servers.codex]\nurl = "${demo.url}"\n`);
  const script = new Transcript({ home, cwd: project, env: { SERVER_URL: demo.url } });
  await script.piped('servers');
  await script.piped('call', 'release', 'hello');
  await script.piped('allow', '.mcp.json');
  await script.piped('allow', '.vscode/mcp.json');
  await script.piped('allow', '.vscode/mcp.json', '--json');
  await script.piped('servers');
  await script.typed(['servers']);
  await script.piped('servers', '--no-connect', '--json');
  await script.piped('call', 'release', 'hello');
  await script.piped('call', 'codex', 'hello');
  await script.piped('call', '.vscode/mcp.json:release', 'hello');
  await script.piped('call', '.vscode/mcp.json:relese', 'hello');
  await script.piped('call', 'secret', 'hello');
  await script.piped('call', 'relese', 'hello');
  await script.piped('call', 'broken', 'hello');
  await script.matches('servers');
});

test('completion prints a script for each shell, and the words that complete', async () => {
  const home = freshHome();
  const script = new Transcript({ home });
  await run(['call', demo.url, 'release'], { home });
  for (const shell of ['bash', 'zsh', 'fish', 'tcsh']) await script.piped('completion', shell);
  await script.typed(['completion', 'fish']);
  await script.piped('__complete', 'wa');
  await script.piped('__complete', 'answer', '');
  await script.piped('__complete', 'answer', await idOf(home, 'release'), '');
  await script.piped('__complete', 'call', '');
  await script.piped('__complete', 'call', '--de');
  await script.matches('completion');
});

test('demo prints the address it listens on', async () => {
  const script = new Transcript({ home: freshHome() });
  await script.typed(['demo', '--port', '0'], async (tty) => {
    await tty.waitForOutput(/tools http\S+/);
    tty.press('ctrlC');
  });
  await script.piped('demo', '--port', new URL(demo.url).port);
  await script.piped('demo', '--port', 'eighty');
  await script.piped('demo', '--chaos', 'thunder');
  await script.matches('demo');
});
