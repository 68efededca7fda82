import { join } from 'node:path';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { expect, test } from 'vitest';
import { complete, serveFaulty } from '../faults/faulty-server.ts';
import { verifies } from '../faults/scenarios.ts';
import { freshHome, idOf, run, terminal } from './support.ts';

const QUESTION = {
  method: 'elicitation/create',
  params: {
    mode: 'form',
    message: 'Deploy?',
    requestedSchema: { type: 'object', required: ['go'], properties: { go: { type: 'boolean', title: 'Go' } } },
  },
};
/** A server that acknowledges the first answer without applying it; the second answer takes effect. */
async function serveIneffectiveAnswers(pollIntervalMs = 250) {
  const task = { taskId: 'stuck-1', pollIntervalMs, ttlMs: null };
  const asking = { ...task, status: 'input_required', inputRequests: { approve: QUESTION } };
  const home = freshHome();
  const server = await serveFaulty(({ method }) => {
    if (method === 'tools/call') return { result: { resultType: 'task', ...asking } };
    if (method === 'tasks/update') return complete({});
    if (method !== 'tasks/get') return undefined;
    if (server.count('tasks/update') < 2) return complete(asking);
    return complete({ ...task, status: 'completed', result: { content: [{ type: 'text', text: 'Deployed.' }] } });
  });
  expect(await run(['call', server.url, 'deploy'], { home })).toMatchObject({ code: 6 });
  const id = await idOf(home, 'deploy');
  expect(await run(['answer', id, '--accept', 'go=true'], { home })).toMatchObject({ code: 0 });
  return { home, server, id };
}

test(
  verifies('Q2', 'an answer without effect is not resent automatically; the error names the command that resends it'),
  async () => {
    const { home, server, id } = await serveIneffectiveAnswers();
    const answer = async () => {
      await run(['get', id], { home }); // a poll after the answer shows that the question is still open
      return run(['answer', id, '--accept', 'go=true'], { home });
    };
    const stderr =
      `error: Question "approve" of task ${id} was answered, and the server still lists it\n` +
      `Answer it again: mcp-tasks answer ${id} approve --again\n`;
    await expect.poll(answer, { timeout: 20_000 }).toEqual({ code: 2, stdout: '', stderr });
    expect(server.count('tasks/update')).toBe(1);
    const again = await run(['answer', id, 'approve', '--again', '--accept', 'go=true'], { home });
    expect(again).toMatchObject({ code: 0 });
    expect(server.count('tasks/update')).toBe(2);
    expect(await run(['wait', id], { home })).toMatchObject({ code: 0, stdout: 'Deployed.\n' });
  },
);

test('a repeated answer is refused until a poll has shown the effect of the first', async () => {
  const { home, server, id } = await serveIneffectiveAnswers(600_000);
  const asked = server.count('tasks/get');
  const refused = await run(['answer', id, '--accept', 'go=true'], { home });
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toMatch(
    new RegExp(
      `^error: Question "approve" of task ${id} was answered \\d+ (s|ms) ago; ` +
        `whether the server still lists it is not known yet\nWait for it: mcp-tasks wait ${id}\n$`,
    ),
  );
  expect(server.count('tasks/get')).toBe(asked);
  expect(server.count('tasks/update')).toBe(1);
});

test(verifies('Q2', 'an answer without effect for over a minute can be given again in a form'), async () => {
  const { home, server, id } = await serveIneffectiveAnswers();
  const store = await openSqliteStore({ directory: join(home, 'state') });
  await store.update(id, (record) => {
    const entry = record.ledger.approve;
    if (entry?.state !== 'acknowledged') throw new Error(`The answer is ${entry?.state}`);
    return { ...record, ledger: { approve: { ...entry, at: entry.at - 120_000 } } };
  });
  await store.close();
  // The next poll waits for its interval, and only a poll shows that the answer had no effect.
  const hints = async () => (await run(['get', id], { home })).stderr;
  await expect.poll(hints, { timeout: 30_000 }).toContain(`Answer again: mcp-tasks answer ${id} approve --again`);
  await using tty = terminal(['answer', id], { home });
  await tty.waitFor(/❯ Go/);
  tty.press('right');
  await tty.waitFor('(x) yes');
  tty.press('enter');
  await tty.waitFor('❯ [ Accept ]');
  tty.press('enter');
  expect(await tty.exited).toMatchObject({ code: 0 });
  expect(tty.scrollback()).toContain(`${id}  approve was answered, and the server still lists it`);
  expect(server.count('tasks/update')).toBe(2);
});

test('an answer in JSON that is not an object is refused, also after an id and a key', async () => {
  const { home, id } = await serveIneffectiveAnswers();
  const refused = await run(['answer', id, 'approve', '--again', '--json', '7'], { home });
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain('--json must be a JSON object');
});
