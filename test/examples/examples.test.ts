import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { serveAgent } from '../a2a/agent-server.ts';

const examples = resolve(import.meta.dirname, '../../examples');

interface Run {
  readonly lines: readonly string[];
  readonly errors: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function run(name: string, ...args: string[]): Run {
  const env = { ...process.env, DEMO_SPEED: '0.1' };
  const file = join(examples, 'dist', `${name}.js`);
  const { stdout, stderr, status, signal } = spawnSync(process.execPath, [file, ...args], { env, encoding: 'utf8' });
  return { lines: stdout.trim().split('\n'), errors: stderr, code: status, signal };
}

/** Runs the work with a demo over HTTP. */
async function withDemo(work: (url: string) => void): Promise<void> {
  const bin = resolve(examples, '../packages/cli/bin/mcp-tasks.js');
  const server = spawn(process.execPath, [bin, 'demo', '--speed', '0.1'], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const [url] = (await once(createInterface(server.stdout), 'line')) as [string];
    work(url);
  } finally {
    server.kill();
  }
}

function freshDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'mcp-tasks-example-'));
}

const names = readdirSync(examples)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replace('.ts', ''));

function linesOf(name: string): number {
  return readFileSync(join(examples, `${name}.ts`), 'utf8')
    .trimEnd()
    .split('\n').length;
}

test('every example fits on a page: at most 60 lines', () => {
  expect(names.length).toBeGreaterThan(8);
  expect(names.filter((name) => linesOf(name) > 60)).toEqual([]);
});

test('every example is run by this file, or imported by an example that is', () => {
  const tests = readFileSync(import.meta.filename, 'utf8');
  const texts = new Map(names.map((name) => [name, readFileSync(join(examples, `${name}.ts`), 'utf8')]));
  const isRun = (name: string): boolean => tests.includes(`run('${name}'`) || tests.includes(`dist/${name}.js`);
  const isPart = (name: string): boolean =>
    [...texts].some(([other, text]) => other !== name && new RegExp(`'(\\./)?${name}\\.[jt]s'`).test(text));
  expect(names.filter((name) => !isRun(name) && !isPart(name))).toEqual([]);
});

test('the list of examples is complete, and its line counts of the migration are right', () => {
  const list = readFileSync(join(examples, 'README.md'), 'utf8');
  const ones = names.filter((name) => name !== 'demo-target');
  expect(ones.filter((name) => !list.includes(`](${name}.ts)`))).toEqual([]);
  const [before, after] = [linesOf('with-ext-tasks'), linesOf('migrated-from-ext-tasks')];
  expect(list).toContain(`with the official helper (${before} lines) and with this library (${after} lines)`);
  expect(after).toBeLessThan(before / 2);
});

test('call and wait: the status messages of the task, then its result', () => {
  const { lines, errors, code } = run('call-and-wait');
  expect({ errors, code }).toEqual({ errors: '', code: 0 });
  expect(lines[0]).toBe('working: Collecting the last 30 days');
  expect(lines).toContain('completed: Written');
  expect(lines).toContain('The task ended completed: [');
});

test('resume after a crash: the second run delivers the result of the first call', () => {
  const directory = freshDirectory();
  const first = run('resume-after-crash', directory);
  expect(first.signal).toBe('SIGKILL');
  const id = /Task (\w+) is on record/.exec(first.lines[0] ?? '')?.[1];
  const second = run('resume-after-crash', directory);
  expect(second.lines.slice(0, 2)).toEqual([`Found report ${id} from another life.`, 'It ended completed: [']);
});

test('approve from another process: the answer travels through the record', () => {
  const { lines, errors, code } = run('approve-from-another-process', freshDirectory());
  expect({ errors, code }).toEqual({ errors: '', code: 0 });
  expect(lines).toContain('[approver] Release checkout 2.4.0 to staging? All 312 tests passed. — yes');
  expect(lines.at(-1)).toBe('[caller] done: completed');
});

test('one call for many: a key joins the open call, a label finds it, and a call that has ended frees the key', () => {
  const { lines, errors, code } = run('one-call-for-many');
  expect({ errors, code }).toEqual({ errors: '', code: 0 });
  expect(lines).toEqual([
    'One call: true',
    'Open in thread t1: report',
    'Not called again: key-conflict. Join that call, or wait until it has ended.',
    'completed',
    'completed',
    'A new call: true',
  ]);
});

test('many servers: each task is printed as it settles, and one store has all records', () => {
  const { lines, errors, code } = run('many-servers');
  expect({ errors, code }).toEqual({ errors: '', code: 0 });
  const reports = lines.slice(0, 6).sort();
  expect(reports).toEqual(
    ['north', 'south', 'west'].flatMap((server) =>
      ['tides', 'winds'].map((topic) => `${server}: the report on ${topic} ended completed`),
    ),
  );
  expect(lines.slice(6).every((line) => /^(north|south|west) \w+ completed$/.test(line))).toBe(true);
});

test('a host on SDK 1.x: a task of 2025-11-25 is answered, and its own requests still work', () => {
  const { lines, errors, code } = run('host-sdk-v1');
  expect({ errors, code }).toEqual({ errors: '', code: 0 });
  expect(lines[0]).toBe('Speaks 2025-11-25');
  expect(lines.filter((line) => line.startsWith('Asked:'))).toEqual([
    'Asked: Release checkout 2.4.0 to staging? All 312 tests passed.',
    'Asked: How should it be rolled out?',
  ]);
  expect(lines).toContain("  strategy: 'rolling',");
  expect(lines.at(-1)).toBe("[ { type: 'text', text: 'Hello, Ada.' } ]");
});

test('a host on SDK 2.x: progress, then a plain result, and its own requests still work', () => {
  const { lines, errors, code } = run('host-sdk-v2');
  expect({ errors, code }).toEqual({ errors: '', code: 0 });
  expect(lines.slice(0, 2)).toEqual(['Speaks 2026-07-28', '… Collecting the last 30 days']);
  expect(lines).toContain("    { region: 'Singapore', p95Ms: 341 }");
  expect(lines.at(-1)).toBe("[ { type: 'text', text: 'Hello, Ada.' } ]");
});

test('migrated from the official helper: the same questions, the same result', async () => {
  await withDemo((url) => {
    const before = run('with-ext-tasks', url);
    const after = run('migrated-from-ext-tasks', url);
    expect(before).toMatchObject({ errors: '', code: 0 });
    expect(before.lines).toContain("  strategy: 'canary',");
    expect(after).toEqual(before);
  });
});

test('an agent loop: a long tool becomes a task, and the loop continues until a message reports its end', () => {
  const { lines, errors, code } = run('agent-loop');
  expect({ errors, code, lines }).toEqual({
    errors: '',
    code: 0,
    lines: [
      '[tool report] "Started as a task (Collecting the last 30 days). You will be told when it ends."',
      '[tool hello] [{"type":"text","text":"Hello, Ada."}]',
      '[agent] The report is under way. Ada is greeted.',
      '[news] Task report has ended: completed',
      '[agent] The report on tides is written.',
    ],
  });
});

test('a chat bot: questions are posted, and answered by the webhook of another process', () => {
  const { lines, errors, code } = run('chat-bot', freshDirectory());
  expect({ errors, code }).toEqual({ errors: '', code: 0 });
  expect(lines.filter((line) => line.startsWith('[chat]'))).toEqual([
    '[chat] Release checkout 2.4.0 to staging? All 312 tests passed.',
    '[chat] How should it be rolled out?',
    '[chat] The release ended completed',
  ]);
  expect(lines).toContain('[bot] Thanks');
});

test('a client over our transport: an ordinary call returns the result of a task, which is on record', () => {
  const { lines, errors, code } = run('task-transport');
  expect({ errors, code }).toEqual({ errors: '', code: 0 });
  expect(lines.filter((line) => line.startsWith('Asked:'))).toHaveLength(2);
  expect(lines.at(-1)).toBe("[ 'release: completed' ]");
});

test('an agent that speaks A2A: its question is text, and its artifact is the result', async () => {
  const agent = await serveAgent();
  onTestFinished(() => agent.stop());
  const { stdout } = await promisify(execFile)(process.execPath, [join(examples, 'dist/agent-by-a2a.js'), agent.url]);
  const lines = stdout.trim().split('\n');
  expect(lines).toContain('Asked: Which region?');
  expect(lines.at(-1)).toBe("completed [ { type: 'text', text: 'deployed to eu' } ]");
});

test("the article's board: a card outlives its server and is approved by a person", () => {
  const { lines, errors, code } = run('task-board', join(freshDirectory(), 'board.json'));
  expect({ errors, code }).toEqual({ errors: '', code: 0 });
  expect(lines[0]).toBe('Card opened (working)');
  expect(lines).toContain('Person is asked: Need approval for the release window. — yes');
  expect(lines).toContain('The card ended completed: [');
});
