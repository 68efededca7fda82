import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodeOfError } from '../../packages/cli/src/exit-codes.ts';

const root = resolve(import.meta.dirname, '../..');
const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n')
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/** Code blocks of all pages in this language; '' selects blocks without one. */
function blocks(language: string): readonly { readonly path: string; readonly code: string }[] {
  const fence = new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return pages
    .filter(({ path }) => path !== 'docs/reference.md')
    .flatMap(({ path, text }) => [...text.matchAll(fence)].map(([, code = '']) => ({ path, code })));
}

/** Examples of the reference; its other blocks are declarations. */
function examples(): readonly { readonly path: string; readonly code: string }[] {
  return pages
    .filter(({ path }) => path === 'docs/reference.md')
    .flatMap(({ path, text }) =>
      [...text.matchAll(/^Example:\n\n```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => ({ path, code })),
    );
}

function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('every relative link leads to a file, and to a heading if it names one', () => {
  const links = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].map(([, link, source]) => ({
      path,
      link: link ?? source ?? '',
    })),
  );
  const broken = links
    .filter(({ link }) => !/^[a-z]+:/.test(link))
    .filter(({ path, link }) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? join(root, path) : resolve(root, dirname(path), file);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
    });
  expect(links.length).toBeGreaterThan(20);
  expect(broken).toEqual([]);
});

test('every job and every command that a page shows exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const help = execFileSync(process.execPath, [join(root, 'packages/cli/bin/mcp-tasks.js'), '--help'], {
    encoding: 'utf8',
  });
  const commands = [...help.matchAll(/^ {2}([a-z]+) /gm)].map(([, name = '']) => name);
  const shown = blocks('')
    .flatMap(({ path, code }) => code.split('\n').map((line) => ({ path, line })))
    .map(({ path, line }) => ({ path, line: line.replace(/^npm run mcp-tasks -- /, 'mcp-tasks ') }));
  const jobs = shown.flatMap(({ path, line }) => {
    const job = /^npm (?:run )?([\w:-]+)/.exec(line)?.[1];
    return job === undefined || job === 'install' ? [] : [{ path, job }];
  });
  const verbs = shown.flatMap(({ path, line }) => {
    const verb = /^mcp-tasks (\w+)/.exec(line)?.[1];
    return verb === undefined ? [] : [{ path, verb }];
  });
  expect(jobs.length).toBeGreaterThan(5);
  expect(verbs.length).toBeGreaterThan(8);
  expect(jobs.filter(({ job }) => !Object.hasOwn(scripts, job))).toEqual([]);
  expect(verbs.filter(({ verb }) => !commands.includes(verb))).toEqual([]);
});

/** Declarations that the pages assume: the host's own code, and imports of an earlier paragraph. */
const GIVEN = `
import type { Connection, InputRequest, TaskClient, TaskStore, TaskUpdate } from '@mcp-tasks/client';
import type { Client } from '@modelcontextprotocol/client';
declare global {
  const client: Client;
  const connection: Connection;
  const store: TaskStore;
  const tasks: TaskClient;
  const id: string;
  const lastSeenAt: number;
  const createTaskClient: typeof import('@mcp-tasks/client').createTaskClient;
  const connect: typeof import('@mcp-tasks/client/connect').connect;
  const fromSdkV2: typeof import('@mcp-tasks/client/sdk-v2').fromSdkV2;
  function render(update: TaskUpdate): void;
  function askPerson(request: InputRequest): Promise<boolean>;
  function notifyPerson(id: string, key: string, request: InputRequest): Promise<void>;
  function openMyStore(): Promise<TaskStore>;
  function moveMyClock(ms: number): void;
  function test(title: string, run: () => Promise<void>): void;
}
`;
const TELEMETRY = `
declare module '@opentelemetry/api' {
  const context: { active(): unknown };
  const propagation: { inject(context: unknown, carrier: object): void };
}
`;

test('every TypeScript block of a page compiles against the shipped declarations', () => {
  const folder = join(root, 'test/dist/documents');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'given.d.ts'), GIVEN);
  writeFileSync(join(folder, 'telemetry.d.ts'), TELEMETRY);
  const found = [...blocks('ts'), ...examples()];
  for (const [index, { path, code }] of found.entries()) {
    const lines = code.split('\n');
    const imports = lines.filter((line) => line.startsWith('import '));
    const rest = lines.filter((line) => !line.startsWith('import '));
    const body = [`// ${path}`, ...imports, 'export async function block() {', ...rest, '}', ''];
    writeFileSync(join(folder, `block-${index}.ts`), body.join('\n'));
  }
  const compilerOptions = { noEmit: true, composite: false, declaration: false, noUnusedLocals: false };
  const project = { extends: '../../../tsconfig.base.json', compilerOptions, include: ['*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(project));
  const compiler = join(root, 'test/node_modules/typescript/bin/tsc');
  const { stdout, status } = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8', cwd: root });
  expect(found.length).toBeGreaterThan(8);
  expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
});

test('the most used exports have an example in the reference', () => {
  const { text = '' } = pages.find(({ path }) => path === 'docs/reference.md') ?? {};
  const sections = new Map(text.split(/^### /m).map((section) => [section.slice(0, section.indexOf('\n')), section]));
  const used = [
    ...['createTaskClient', 'TaskClient', 'TaskHandle', 'Question', 'openMailbox', 'createTaskWorker', 'waitAny'],
    ...['openSqliteStore', 'openPostgresStore', 'createTaskTransport', 'taskRoutes'],
  ];
  expect(used.filter((name) => !sections.get(name)?.includes('\nExample:\n'))).toEqual([]);
});

test('the map of the code names every folder', () => {
  const map = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const tracked = execFileSync('git', ['ls-files', 'packages', 'test'], { cwd: root, encoding: 'utf8' });
  const folders = [...tracked.matchAll(/^(?:packages\/\w+\/src|test)\/([\w-]+)\//gm)].map(([, name = '']) => name);
  const apart = ['bench', 'pictures', 'support']; // folders of the jobs above the map
  expect([...new Set(folders)].filter((name) => !apart.includes(name) && !map.includes(`${name}/`))).toEqual([]);
});

test('docs/errors.md lists every error code with its exit code', () => {
  const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
  const listed = new Map([...page.matchAll(/^\| `([\w-]+)` +\| (\d+) /gm)].map(([, code = '', exit]) => [code, exit]));
  const files = execFileSync('git', ['ls-files', 'packages'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  const sources = files
    .filter((path) => /\/src\/.*\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
    .map((path) => readFileSync(join(root, path), 'utf8'));
  const thrown = sources.flatMap((text) =>
    [...text.matchAll(/\b(?:CliError|TaskError)\(\s*'([a-z-]+)'/g)].map(([, code = '']) => code),
  );
  const codes = [...new Set(thrown)];
  expect(codes.length).toBeGreaterThan(35);
  expect(codes.filter((code) => !listed.has(code))).toEqual([]);
  const exits = codes.map((code) => [code, listed.get(code)]);
  expect(exits).toEqual(codes.map((code) => [code, String(exitCodeOfError(code))]));
});

test('every file named in "Where would I change…" exists', () => {
  const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const [, section = ''] = /^## Where would I change…\n([\s\S]*?)^## /m.exec(text) ?? [];
  const named = [...section.matchAll(/`((?:packages|test|docs)\/[^`]+)`/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
