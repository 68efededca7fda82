import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, expect, test } from 'vitest';
import { endKeepers } from '../commands/support.ts';
import { openTerminal } from '../support/terminal.ts';
import { codeBlocks, packBoth } from './pack.ts';

const home = mkdtempSync(join(tmpdir(), 'mcp-tasks-nothing-'));
const prefix = join(home, 'npm');
const env = {
  HOME: home,
  MCP_TASKS_HOME: join(home, 'state'),
  PATH: [join(prefix, 'bin'), dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
  npm_config_prefix: prefix,
  LANG: 'C.UTF-8',
};
afterAll(() => endKeepers([home]));

/** The three commands of README.md, without their comments. */
const [INSTALL = '', BRIDGE = '', WATCH = ''] = (
  codeBlocks('README.md', 'sh').find((block) => block.includes('bridge install')) ?? ''
)
  .split('\n')
  .map((line) => line.replace(/ +#.*$/, ''));

/** A host that starts what its configuration names, calls one tool, and waits as a model does. */
async function callByHost(tool: string): Promise<{ readonly result: Promise<string>; close(): Promise<void> }> {
  const { mcpServers } = JSON.parse(readFileSync(join(home, '.claude.json'), 'utf8'));
  const { command, args } = mcpServers['mcp-tasks-demo'] as { readonly command: string; readonly args: string[] };
  const client = new Client({ name: 'scripted-host', version: '1' });
  await client.connect(new StdioClientTransport({ command, args, env, cwd: home, stderr: 'inherit' }));
  const call = async (name: string, given: Record<string, unknown>): Promise<string> => {
    const { content } = (await client.callTool({ name, arguments: given })) as CallToolResult;
    return content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
  };

  async function finished(): Promise<string> {
    let text = await call(tool, {});
    for (;;) {
      const id = /call tasks_wait with \{"id":"(\w+)"\}|mcp-tasks answer (\w+)/.exec(text);
      if (!text.startsWith('NOT FINISHED') || id === null) return text;
      text = await call('tasks_wait', { id: id[1] ?? id[2] });
    }
  }

  return { result: finished(), close: () => client.close() };
}

test('the three commands of README.md lead from an empty home to an answered approval of a host call', async () => {
  const { cli } = packBoth();
  mkdirSync(join(home, 'work'));
  const install = INSTALL.replace('@mcp-tasks/cli', cli);
  expect(install).not.toBe(INSTALL);
  // The environment of this machine names the npm registry and its certificates.
  const machine = { ...process.env, ...env };
  const installed = spawnSync('sh', ['-c', `${install} --no-audit --no-fund`], { env: machine, encoding: 'utf8' });
  expect(installed.status, installed.stderr).toBe(0);

  const options = { env, cwd: join(home, 'work'), columns: 110, rows: 30 };
  await using installing = openTerminal('sh', ['-c', BRIDGE], options);
  await installing.waitFor('Write it? [y/N]');
  installing.write('y\r');
  expect(await installing.exited).toMatchObject({ code: 0 });

  const host = await callByHost('release');
  await using view = openTerminal('sh', ['-c', WATCH], options);
  await view.waitFor(/\? +\w+ +release/, 60_000);
  view.write('a');
  await view.waitFor(/❯ Approve/);
  view.write('y\r');
  await view.waitFor(/❯ Note/);
  view.press('enter');
  await view.waitFor('[ Accept ]');
  view.press('enter');
  await view.waitFor('How should it be rolled out?');
  await view.waitFor('q leave');
  view.write('a');
  await view.waitFor('(x) Canary');
  view.press('enter');
  await view.waitFor('[ Accept ]');
  view.press('enter');
  expect(await host.result).toContain('is live on staging (canary)');
  await host.close();
}, 300_000);
