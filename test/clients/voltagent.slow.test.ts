import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freshHome, idOf, run, start } from '../commands/support.ts';
import { NODE_24 } from '../demo/support.ts';

const program = resolve(import.meta.dirname, 'programs', 'voltagent-agent.mjs');

/** A VoltAgent agent: A2A 0.2, a relative URL in its card, no task list, and a reply only when its work has ended. */
async function serveShop() {
  const folder = freshHome();
  // In development mode it downloads lists of models.
  const env = { PATH: process.env.PATH ?? '', NODE_ENV: 'production' };
  const agent: ChildProcess = spawn(NODE_24, [program, folder], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void agent.kill());
  const [printed] = await once(agent.stdout as NodeJS.EventEmitter, 'data');
  const messages = (): readonly string[] => readFileSync(join(folder, 'messages'), 'utf8').trimEnd().split('\n');
  const release = (): void => writeFileSync(join(folder, 'go'), '');
  return { target: `a2a:${String(printed).trim()}`, messages, release, home: freshHome() };
}

const textArg = (text: string): readonly string[] => ['send', '--arg', `text=${text}`];

test('VoltAgent: a call is open until the agent answers, and completes with its text', async () => {
  const { target, release, home } = await serveShop();
  const calling = start(['call', target, ...textArg('slow deploy')], { home });
  await expect
    .poll(() => run(['list'], { home }).then(({ stdout }) => stdout))
    .toMatch(/called +send .* no answer yet/);
  release();
  expect(await calling.done).toMatchObject({ code: 0, stdout: 'did: slow deploy\n' });
  const { stdout } = await run(['get', await idOf(home, 'send'), '--json'], { home });
  expect(JSON.parse(stdout)).toMatchObject({ task: { protocol: 'a2a', revision: '0.3', status: 'completed' } });
});

test('VoltAgent: a call with the id of an earlier task continues its conversation', async () => {
  const { target, home } = await serveShop();
  await run(['call', target, ...textArg('deploy')], { home });
  const first = await idOf(home, 'send');
  const again = await run(['call', target, ...textArg('and test'), '--arg', `context=${first}`], { home });
  expect(again).toMatchObject({ code: 0, stdout: 'did: and test\n' });
  const { stdout } = await run(['list', '--all', '--json'], { home });
  const { tasks } = JSON.parse(stdout) as { tasks: readonly { task: { context: string; taskId: string } }[] };
  expect(new Set(tasks.map(({ task }) => task.context)).size).toBe(1);
  expect(new Set(tasks.map(({ task }) => task.taskId)).size).toBe(2);
});

test('VoltAgent: a failed call shows the error of the agent and exits 1', async () => {
  const { target, home } = await serveShop();
  const called = await run(['call', target, ...textArg('fail')], { home });
  expect(called).toMatchObject({ code: 1, stderr: expect.stringContaining('the shop is closed') });
});

test('VoltAgent: wait reports that a call killed by kill -9 may have run, and the call is sent once', async () => {
  const { target, messages, home } = await serveShop();
  const calling = start(['call', target, ...textArg('slow deploy')], { home });
  await expect.poll(messages).toEqual(['slow deploy']);
  calling.process.kill('SIGKILL');
  await calling.done;
  const id = await idOf(home, 'send');
  const waited = await run(['wait', id], { home });
  expect(waited).toMatchObject({ code: 8, stderr: expect.stringContaining('unknown: may have run') });
  expect(messages()).toEqual(['slow deploy']);
});

test('VoltAgent: doctor shows the version, and that the agent lists no tasks', async () => {
  const { target, home } = await serveShop();
  const { code, stdout } = await run(['doctor', target], { home });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ok +version +it speaks 0\.3, as its card says$/m);
  expect(stdout).toMatch(/^missing +list +no: a start whose reply is lost may have run/m);
});
