import { expect, test } from 'vitest';
import { type ExitCode, exitCodes } from '../../packages/cli/src/exit-codes.ts';
import { serveFaulty } from '../faults/faulty-server.ts';
import { verifies } from '../faults/scenarios.ts';
import { freshHome, type Run, run, serveDemo, start, terminal } from './support.ts';

async function calling(tool: string, ...flags: readonly string[]): Promise<Run> {
  const home = freshHome();
  const demo = await serveDemo(home);
  const ended = await run(['call', demo.url, tool, ...flags], { home });
  await demo.stop();
  return ended;
}

async function guarded(): Promise<Run> {
  const home = freshHome();
  const demo = await serveDemo(home, '--token', 'sesame');
  const ended = await run(['call', demo.url, 'hello'], { home });
  const env = { SESAME: 'sesame' };
  expect(await run(['call', demo.url, 'hello', '--token-env', 'SESAME'], { home, env })).toMatchObject({ code: 0 });
  const header = 'Authorization: Bearer sesame';
  expect(await run(['call', demo.url, 'hello', '-H', header], { home })).toMatchObject({ code: 0 });
  await demo.stop();
  return ended;
}

async function cutOff(): Promise<Run> {
  const server = await serveFaulty(({ method }) => (method === 'tools/call' ? 'reset' : undefined));
  const ended = await run(['call', server.url, 'deploy'], { home: freshHome() });
  expect(server.count('tools/call')).toBe(1);
  return ended;
}

async function interrupted(): Promise<Run> {
  const home = freshHome();
  const demo = await serveDemo(home);
  const running = start(['call', demo.url, 'batch', '--arg', 'items=3600'], { home });
  await running.waitFor('working');
  running.process.kill('SIGINT');
  const ended = await running.done;
  await demo.stop();
  return ended;
}

const ways: Readonly<Record<keyof typeof exitCodes, () => Promise<Run>>> = {
  completed: () => calling('hello'),
  failed: () => calling('import'),
  usage: () => calling('helo'),
  auth: guarded,
  unreachable: () => run(['call', 'http://127.0.0.1:9/mcp', 'hello'], { home: freshHome() }),
  toolError: () => calling('check'),
  inputRequired: () => calling('release'),
  timedOut: () => calling('batch', '--arg', 'items=3600', '--timeout', '300ms'),
  unknown: cutOff,
  interrupted,
};

test.each(Object.entries(exitCodes) as [keyof typeof ways, ExitCode][])(
  `${verifies(['C1', 'C3', 'L1', 'P11', 'Q7', 'R1'], 'a call that ends in')} %s ends with %i`,
  async (name, code) => {
    expect(await ways[name]()).toMatchObject({ code });
  },
);

test('help exit-codes lists every exit code', async () => {
  const { stdout } = await run(['help', 'exit-codes'], { home: freshHome() });
  const codes = [...stdout.matchAll(/^ +(\d+) {2}/gm)].map(([, code]) => Number(code));
  expect(codes).toEqual(Object.values(exitCodes).sort((a, b) => a - b));
});

test('a failed task has the same exit code at a terminal as without one', async () => {
  const home = freshHome();
  const demo = await serveDemo(home);
  await using term = terminal(['call', demo.url, 'import'], { home });
  expect(await term.exited).toEqual({ code: exitCodes.failed, signal: undefined });
  await demo.stop();
});
