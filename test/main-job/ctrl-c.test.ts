import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { serveFaulty } from '../faults/faulty-server.ts';
import { verifies } from '../faults/scenarios.ts';
import type { Terminal } from '../support/terminal.ts';
import {
  countRequests,
  type Demo,
  freshHome,
  idOf,
  keepersOf,
  listed,
  onlyTask,
  pacedDemo,
  run,
  serveDemo,
  start,
  stdioDemo,
  stdioServers,
  terminal,
} from './support.ts';

/** One Ctrl-C ends the process with 130. `npm run bench:start` measures how fast. */
async function interrupt(term: Terminal): Promise<string> {
  term.press('ctrlC');
  expect(await term.exited).toEqual({ code: 130, signal: undefined });
  return term.scrollback();
}

function expectNoDecision(demo: Demo): void {
  expect(countRequests(demo.store, 'tasks/update')).toBe(0);
  expect(countRequests(demo.store, 'tasks/cancel')).toBe(0);
}

test(verifies('L1', 'Ctrl-C in call and in wait detaches, and prints the id and the next command'), async () => {
  const home = freshHome();
  const demo = await serveDemo(home);
  await using calling = terminal(['call', demo.url, 'batch', '--arg', 'items=3600'], { home });
  await calling.waitForOutput(/working {2}Item/);
  const left = await interrupt(calling);
  const { id } = await onlyTask(home);
  expect(left).toContain(`${id}  stopped watching; the task keeps running`);
  expect(left).toContain(`Wait for it: mcp-tasks wait ${id}`);

  await using waiting = terminal(['wait', id], { home });
  await waiting.waitForOutput(/working {2}Item/);
  expect(await interrupt(waiting)).toContain(`Wait for it: mcp-tasks wait ${id}`);
  expectNoDecision(demo);
  const { stdout } = await run(['get', id, '--json'], { home });
  expect(JSON.parse(stdout)).toMatchObject({ task: { status: 'working' }, outcome: null });
  await demo.stop();
});

test(
  verifies('L1', 'Ctrl-C in a call on a stdio server can leave the server running, and wait gets the result'),
  async () => {
    const home = freshHome();
    const demo = pacedDemo(home, join(home, 'stdio-store'));
    demo.setSpeed(0.3);
    await using calling = terminal(['call', 'batch', '--arg', 'items=30', ...demo.command], { home });
    await calling.waitForOutput(/working {2}Item/);
    calling.press('ctrlC');
    await calling.waitFor('l or Ctrl-C leaves it running');
    calling.write('l');
    expect(await calling.exited).toEqual({ code: 130, signal: undefined });
    const { id } = await onlyTask(home);
    expect(calling.scrollback()).toMatch(new RegExp(`${id} {2}kept by background process \\d+ until it has settled`));
    expect(await run(['wait', id], { home })).toMatchObject({ code: 0, stdout: '30 items done.\n' });
    expect(countRequests(join(home, 'stdio-store'), 'tools/call')).toBe(1);
    await expect.poll(() => keepersOf(home)).toEqual([]);
  },
);

test(
  verifies('Q12', 'Ctrl-C in a form of call, answer or wait sends nothing, and the question stays open'),
  async () => {
    const home = freshHome();
    const demo = await serveDemo(home);
    await using calling = terminal(['call', demo.url, 'release'], { home });
    await calling.waitFor('Approve');
    const left = await interrupt(calling);
    const id = await idOf(home, 'release');
    const next = `Answer with: mcp-tasks answer ${id} --accept approve=`;
    expect(left).toContain(next);

    await using answering = terminal(['answer', id], { home });
    await answering.waitFor('Approve');
    answering.press('right');
    expect(await interrupt(answering)).toContain(next);

    await using waiting = terminal(['wait', id], { home });
    await waiting.waitFor('Approve');
    waiting.press('ctrlR');
    await waiting.waitFor('Decline');
    expect(await interrupt(waiting)).toContain(next);
    expectNoDecision(demo);
    expect(await listed(home)).toMatchObject([{ task: { status: 'input_required' }, outcome: null }]);
    await demo.stop();
  },
);

test('Ctrl-C in the form for arguments and in the list of tasks sends nothing', async () => {
  const home = freshHome();
  const demo = await serveDemo(home);
  await using calling = terminal(['call', demo.url, 'echo'], { home });
  await calling.waitFor('Ctrl-R review');
  expect(await interrupt(calling)).toContain('Stopped; echo was not called');
  expect(countRequests(demo.store, 'tools/call')).toBe(0);
  await run(['call', demo.url, 'batch', '--arg', 'items=3600', '--detach'], { home });
  await using picking = terminal(['cancel'], { home });
  await picking.waitFor('Cancel which task?');
  expect(await interrupt(picking)).toContain('Stopped; nothing was done');
  expectNoDecision(demo);
  await demo.stop();
});

test('Ctrl-C before the reply to the call leaves a record that the call may have run, and never repeats the call', async () => {
  const home = freshHome();
  const server = await serveFaulty(({ method }) => (method === 'tools/call' ? 'hang' : undefined));
  await using calling = terminal(['call', server.url, 'deploy'], { home });
  await expect.poll(() => server.count('tools/call')).toBe(1);
  const left = await interrupt(calling);
  const { id, phase } = await onlyTask(home);
  expect(phase).toBe('intent');
  expect(left).toContain(`${id}  left before the server answered the call: it may have run`);
  expect(left).toContain(`mcp-tasks get ${id}`);
  expect(await run(['wait', id], { home })).toMatchObject({ code: 8 });
  expect(server.count('tools/call')).toBe(1);
  expect(server.count('tasks/cancel')).toBe(0);
});

test(verifies('C4', 'a reply that arrives right after Ctrl-C is still saved, with its task'), async () => {
  const home = freshHome();
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const createdAt = new Date().toISOString();
  const server = await serveFaulty(async ({ method }) => {
    if (method !== 'tools/call') return undefined;
    await asked;
    const task = { taskId: 't1', status: 'working', createdAt, lastUpdatedAt: createdAt, ttlMs: null };
    return { result: { resultType: 'task', ...task } };
  });
  await using calling = terminal(['call', server.url, 'deploy'], { home });
  await expect.poll(() => server.count('tools/call')).toBe(1);
  calling.press('ctrlC');
  answer();
  expect(await calling.exited).toMatchObject({ code: 130 });
  expect(await onlyTask(home)).toMatchObject({ taskId: 't1', status: 'working', phase: 'open' });
  expect(server.count('tasks/cancel')).toBe(0);
});

test('Ctrl-C while connecting exits at once, and nothing is called', async () => {
  const home = freshHome();
  const server = await serveFaulty(() => 'hang');
  await using calling = terminal(['call', server.url, 'deploy'], { home });
  await expect.poll(() => server.requests.length).toBe(1);
  expect(await interrupt(calling)).toContain('Stopped while connecting; nothing was called');
  expect(await listed(home)).toEqual([]);
});

test(verifies('L1', 'a second Ctrl-C right after the first also exits with 130, and sends nothing more'), async () => {
  const home = freshHome();
  const server = await serveFaulty(({ method }) => (method === 'tools/call' ? 'hang' : undefined));
  for (const presses of ['\u0003', '\u0003\u0003']) {
    await using calling = terminal(['call', server.url, 'deploy'], { home });
    const before = server.count('tools/call');
    await expect.poll(() => server.count('tools/call')).toBe(before + 1);
    calling.write(presses);
    expect(await calling.exited).toEqual({ code: 130, signal: undefined });
  }
  expect(server.count('tools/call')).toBe(2);
  expect(server.count('tasks/cancel')).toBe(0);
});

test(verifies('L1', 'a second signal ends the command at once'), async () => {
  const home = freshHome();
  const server = await serveFaulty(({ method }) => (method === 'tools/call' ? 'hang' : undefined));
  await using calling = terminal(['call', server.url, 'deploy'], { home });
  await expect.poll(() => server.count('tools/call')).toBe(1);
  // Stopped so that both signals are pending: on a slow machine the second would come too late.
  calling.signal('SIGSTOP');
  calling.press('ctrlC');
  await calling.waitForOutput('^C');
  calling.signal('SIGTERM');
  calling.signal('SIGCONT');
  expect(await calling.exited).toEqual({ code: 130, signal: undefined });
  expect(calling.scrollback()).not.toContain('it may have run');
  expect(await onlyTask(home)).toMatchObject({ phase: 'intent' });
});

const SLOW = ['--', process.execPath, fileURLToPath(new URL('../terminal/support/slow-server.mjs', import.meta.url))];

test(
  verifies('L1', 'Ctrl-C during a call on a stdio server lists the call; Esc stays, s stops the server'),
  async () => {
    const home = freshHome();
    await using term = terminal(['call', 'restore', ...SLOW], { home });
    await expect.poll(async () => (await listed(home)).length, { timeout: 30_000 }).toBe(1);
    term.press('ctrlC');
    const asked = await term.waitFor('s stops it, Esc stays');
    const { id } = await onlyTask(home);
    expect(asked).toMatch(new RegExp(`${id} {2}restore on \\S+ is under way`));
    term.press('escape');
    await term.waitFor('Staying');
    term.press('ctrlC');
    await term.waitFor((screen) => screen.split('Esc stays').length === 3);
    term.write('s');
    expect(await term.exited).toEqual({ code: 130, signal: undefined });
    expect(term.scrollback()).toContain('it may have run');
    expect(await onlyTask(home)).toMatchObject({ status: 'unknown', trouble: 'its server was stopped on leaving' });
    expect(keepersOf(home)).toEqual([]);
  },
);

test(verifies('L1', 'a second Ctrl-C in call exits at once, and the call continues in the background'), async () => {
  const home = freshHome();
  await using term = terminal(['call', 'restore', ...SLOW], { home });
  await expect.poll(async () => (await listed(home)).length, { timeout: 30_000 }).toBe(1);
  term.press('ctrlC');
  await term.waitFor('l or Ctrl-C leaves it running');
  term.press('ctrlC');
  expect(await term.exited).toEqual({ code: 130, signal: undefined });
  expect(term.scrollback()).toContain('kept by background process');
  const { id, phase } = await onlyTask(home);
  expect(phase).toBe('intent');
  expect(await run(['wait', id, '--timeout', '1s'], { home })).toMatchObject({ code: 7 });
});

test(verifies('X5', 'a killed terminal leaves its call on a stdio server running'), async () => {
  const home = freshHome();
  const demo = pacedDemo(home, join(home, 'stdio-store'));
  demo.setSpeed(0.3);
  const calling = start(['call', 'batch', '--arg', 'items=30', ...demo.command], { home });
  await calling.waitFor(/working {2}Item/);
  calling.process.kill('SIGKILL');
  await calling.done;
  const { id } = await onlyTask(home);
  expect(await run(['wait', id], { home })).toMatchObject({ code: 0, stdout: '30 items done.\n' });
  expect(countRequests(join(home, 'stdio-store'), 'tools/call')).toBe(1);
});

test(verifies('X5', 'two terminals that call one stdio server at once share one process of it'), async () => {
  const home = freshHome();
  const command = stdioDemo(home, '0.3');
  const calls = ['8', '9'].map((items) => start(['call', 'batch', '--arg', `items=${items}`, ...command], { home }));
  await Promise.all(calls.map((call) => call.waitFor(/working {2}Item/)));
  expect(stdioServers(join(home, 'stdio-store'))).toHaveLength(1);
  const ends = await Promise.all(calls.map((call) => call.done));
  expect(ends.map(({ code, stdout }) => ({ code, stdout }))).toEqual([
    { code: 0, stdout: '8 items done.\n' },
    { code: 0, stdout: '9 items done.\n' },
  ]);
});
