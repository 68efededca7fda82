import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { keepersOf, stdioDemo } from '../commands/support.ts';
import { verifies } from '../faults/scenarios.ts';
import type { Terminal } from '../support/terminal.ts';
import { freshHome, run, watch } from './support/watch.ts';

const SLOW = ['--', process.execPath, fileURLToPath(new URL('support/slow-server.mjs', import.meta.url))];
const ASKS = ['--', process.execPath, fileURLToPath(new URL('../faults/faulty-stdio.mjs', import.meta.url)), 'asks'];

async function callFirstTool(term: Terminal, tool: string): Promise<void> {
  await term.waitFor('n new call');
  term.write('n');
  await term.waitFor(new RegExp(`❯ ${tool}`));
  term.press('enter');
  await term.waitFor('[ Call ]');
  term.press('enter');
}

interface Listed {
  readonly id: string;
  readonly status: string;
  readonly phase: string;
  readonly trouble: string | null;
}

async function onlyRecord(home: string): Promise<Listed> {
  const { stdout } = await run(['list', '--all', '--json'], { home });
  return JSON.parse(stdout).tasks[0].task;
}

test('q during a call on a stdio server asks: Esc stays, l leaves the call running for the next view', async () => {
  const home = freshHome();
  await using term = watch(home, SLOW);
  await callFirstTool(term, 'restore');
  await term.waitFor('called, no answer yet');
  const { id } = await onlyRecord(home);
  term.write('q');
  const asked = await term.waitFor('1 call under way');
  expect(asked).toMatch(new RegExp(`${id} +restore on `));
  expect(asked).toContain('l leave it running  s stop and leave  Esc stay');
  term.press('escape');
  await term.waitFor('called, no answer yet');
  expect(term.buffer()).toBe('alternate');

  term.write('q');
  await term.waitFor('1 call under way');
  term.write('l');
  expect(await term.exited).toEqual({ code: 0, signal: undefined });
  expect(await onlyRecord(home)).toMatchObject({ id, phase: 'intent', trouble: null });
  await using next = watch(home, SLOW);
  await next.waitFor('called, no answer yet');
  next.write('q'); // calls that were left running before need no question
  expect(await next.exited).toEqual({ code: 0, signal: undefined });
  expect(keepersOf(home)).toHaveLength(1);
});

test('s stops the server of a call in progress, and the record keeps the reason', async () => {
  const home = freshHome();
  await using term = watch(home, SLOW);
  await callFirstTool(term, 'restore');
  await term.waitFor('called, no answer yet');
  term.write('q');
  await term.waitFor('1 call under way');
  term.write('s');
  expect(await term.exited).toEqual({ code: 0, signal: undefined });
  expect(term.screen()).toContain('unknown, may have run: its server was');
  const record = await onlyRecord(home);
  expect(record).toMatchObject({
    status: 'unknown',
    phase: 'intent',
    trouble: 'its server was stopped on leaving',
  });
  expect(keepersOf(home)).toEqual([]);
  expect(await run(['wait', record.id], { home })).toMatchObject({ code: 8 });

  await using later = watch(home, []);
  await later.waitFor('unknown, may have run: its');
  expect(later.screen()).not.toContain('no answer yet');
  expect((await run(['list'], { home })).stdout).toMatch(/unknown +restore .*may have run/);
  later.write('q');
  expect(await later.exited).toMatchObject({ code: 0 });
});

test(verifies('L1', 'a second Ctrl-C leaves at once, and the call continues in the background'), async () => {
  const home = freshHome();
  await using term = watch(home, SLOW);
  await callFirstTool(term, 'restore');
  await term.waitFor('called, no answer yet');
  term.press('ctrlC');
  await term.waitFor('1 call under way');
  term.press('ctrlC');
  expect(await term.exited).toEqual({ code: 130, signal: undefined });
  expect(await onlyRecord(home)).toMatchObject({ phase: 'intent', trouble: null });
  expect(keepersOf(home)).toHaveLength(1);
});

test('a task of a killed view is answered from another terminal, and its keeper ends after it', async () => {
  const home = freshHome();
  const command = stdioDemo(home, '0.1');
  await using term = watch(home, command);
  await term.waitFor('n new call');
  const called = await run(['call', 'release', '--detach', ...command], { home });
  const id = called.stdout.trim();
  await term.waitFor('needs input');
  term.signal('SIGKILL');
  await term.exited;
  expect(await run(['answer', id, '--decline'], { home })).toMatchObject({ code: 0 });
  expect(await run(['wait', id], { home })).toMatchObject({ code: 0 });
  await expect.poll(() => keepersOf(home)).toEqual([]);
});

test('a task on a stdio server becomes unknown when the view stops the server', async () => {
  const home = freshHome();
  await using term = watch(home, ASKS);
  await callFirstTool(term, 'deploy');
  await term.waitFor('1 needs input');
  term.write('q');
  await term.waitFor('1 call under way');
  term.write('s');
  await term.exited;
  expect(await onlyRecord(home)).toMatchObject({
    status: 'unknown',
    phase: 'open',
    trouble: expect.stringContaining('its server was stopped on leaving'),
  });
});

test('an open view shows a call as unknown when its keeper is killed', async () => {
  const home = freshHome();
  await using killed = watch(home, SLOW);
  await callFirstTool(killed, 'restore');
  await killed.waitFor('called, no answer yet');
  await using term = watch(home, ['--keep-open']);
  await term.waitFor('called, no answer yet');
  killed.signal('SIGKILL');
  const [keeper = 0] = keepersOf(home);
  expect(keeper).toBeGreaterThan(0);
  process.kill(keeper, 'SIGKILL');
  await term.waitFor('unknown, may have run: the process');
});

test('q exits the demo without a question, because its tasks are on disk', async () => {
  const home = freshHome();
  await using term = watch(home, ['demo']);
  await term.waitFor(/◐ (?:\w+ +)?batch/);
  term.write('q');
  expect(await term.exited).toMatchObject({ code: 0 });
});

test('q exits without a question if another process holds the task', async () => {
  const home = freshHome();
  const command = stdioDemo(home, '1');
  const called = await run(['call', 'batch', '--arg', 'items=3600', '--detach', ...command], { home });
  expect(called.code).toBe(0);
  await using term = watch(home, command);
  await term.waitFor(/◐ (?:\w+ +)?batch/);
  term.write('q');
  expect(await term.exited).toMatchObject({ code: 0 });
  await run(['keepers', '--stop'], { home });
});
