import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../packages/client/src/task/json.ts';
import { countRequests } from '../commands/support.ts';
import { complete, serveFaulty } from '../faults/faulty-server.ts';
import { verifies } from '../faults/scenarios.ts';
import { begin, type Demo, freshHome, run, serveDemo, watch } from './support/watch.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

test(verifies('Q5', 'an answer from another terminal withdraws the form, and further keys send nothing'), async () => {
  const home = freshHome();
  const id = await begin(home, demo, 'release');
  await using term = watch(home, [demo.url, '--keep-open']);
  await term.waitFor('1 needs input');
  term.write('ay\rhalf a no');
  await term.waitFor('half a no');
  await run(['answer', id, '--decline'], { home });
  await term.waitFor('The question was withdrawn.');
  term.write('te, cnq');
  expect(await term.waitFor('Nothing was sent')).toContain('The question was withdrawn.');
  term.press('enter');
  await term.waitFor('was not released');
});

test(
  verifies('Q5', 'when one of two questions is answered elsewhere, the form of the other keeps its input'),
  async () => {
    const home = freshHome();
    const id = await begin(home, demo, 'survey');
    await using term = watch(home, [demo.url, '--keep-open']);
    await term.waitFor('1 needs input');
    term.write('a');
    await term.waitFor('1 of 2');
    term.write('Ad');
    expect((await run(['answer', id, 'visit', '--decline'], { home })).code).toBe(0);
    await term.waitUntilGone('1 of 2');
    term.write('a\rada@example.com');
    await term.waitFor('ada@example.com');
    expect(term.screen()).toMatch(/Name +\* Ada/);
  },
);

test(verifies('Q5', 'a question of another task that arrives while a form is open is queued'), async () => {
  const home = freshHome();
  await begin(home, demo, 'release');
  await using term = watch(home, [demo.url, '--keep-open']);
  await term.waitFor('1 needs input');
  term.write('ay\rkept');
  await term.waitFor('kept');
  await begin(home, demo, 'release');
  await term.waitFor('2 of 2 left');
  expect(term.screen()).toContain('kept');
  term.write('\u000e');
  const second = await term.waitFor('1 of 2 left');
  expect(second).not.toContain('kept');
  term.write('\u000e');
  expect(await term.waitFor('2 of 2 left')).toContain('kept');
});

test(
  verifies('Q5', 'a second question of the same task joins the open form, and each is answered under its key'),
  async () => {
    const form = (message: string) => ({
      method: 'elicitation/create',
      params: {
        mode: 'form',
        message,
        requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
      },
    });
    const task = { taskId: 't1', status: 'input_required', ttlMs: null, pollIntervalMs: 250 };
    const updates: JsonValue[] = [];
    let inputRequests: JsonObject = { who: form('Who approves?') };
    const server = await serveFaulty(({ method, params }) => {
      if (method === 'tools/call') return { result: { resultType: 'task', ...task, status: 'working' } };
      if (method === 'tasks/get') return complete({ ...task, inputRequests });
      if (method !== 'tasks/update') return undefined;
      updates.push(params.inputResponses ?? null);
      return complete({});
    });
    const home = freshHome();
    expect((await run(['call', server.url, 'deploy', '--detach'], { home })).code).toBe(0);
    await using term = watch(home, [server.url, '--keep-open']);
    await term.waitFor('1 needs input');
    term.write('aAda');
    await term.waitFor('Ada');
    inputRequests = { ...inputRequests, when: form('And when?') };
    expect(await term.waitFor('1 of 2')).toMatch(/Who approves\?[\s\S]*Ada/);
    term.write('\u000e');
    expect(await term.waitFor('And when?')).not.toContain('Ada');
    term.write('Monday\u000e');
    expect(await term.waitFor('Who approves?')).toContain('Ada');
    term.write('\r');
    await term.waitFor('[ Accept ]');
    term.press('enter');
    expect(await term.waitFor('And when?')).toContain('Monday');
    await expect.poll(() => updates).toEqual([{ who: { action: 'accept', content: { name: 'Ada' } } }]);
    term.write('\r');
    await term.waitFor('[ Accept ]');
    term.press('enter');
    await expect.poll(() => updates.length, { timeout: 20_000 }).toBe(2);
    expect(updates[1]).toEqual({ when: { action: 'accept', content: { name: 'Monday' } } });
  },
);

test(verifies('Q5', 'the end of a task closes its form, and later keys send nothing'), async () => {
  const home = freshHome();
  const id = await begin(home, demo, 'release');
  await using term = watch(home, [demo.url, '--keep-open']);
  await term.waitFor('1 needs input');
  term.write('ay\r\r');
  await term.waitFor('[ Accept ]');
  const before = countRequests(demo.store, 'tasks/update');
  expect((await run(['cancel', id], { home })).code).toBe(0);
  await term.waitFor('The task is over (cancelled). Nothing was sent.');
  term.press('enter');
  await term.waitFor(/○ (?:\w+ +)?release/);
  expect(countRequests(demo.store, 'tasks/update')).toBe(before);
});
