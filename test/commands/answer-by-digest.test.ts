import { expect, test } from 'vitest';
import { complete, serveFaulty } from '../faults/faulty-server.ts';
import { verifies } from '../faults/scenarios.ts';
import { freshHome, idOf, run } from './support.ts';

const ask = (message: string) => ({
  method: 'elicitation/create',
  params: { mode: 'form', message, requestedSchema: { type: 'object', properties: { go: { type: 'boolean' } } } },
});

/** A task with an open question, and its record as a script has read it. */
async function taskWithQuestion() {
  const task = { taskId: 'asks-1', pollIntervalMs: 250, ttlMs: null };
  const home = freshHome();
  let message = 'Deploy to staging?';
  const server = await serveFaulty(({ method }) => {
    const inputRequests = { approve: ask(message) };
    if (method === 'tools/call') return { result: { resultType: 'task', ...task, status: 'working' } };
    if (method === 'tasks/update') return complete({});
    if (method !== 'tasks/get') return undefined;
    if (server.count('tasks/update') === 0) return complete({ ...task, status: 'input_required', inputRequests });
    return complete({ ...task, status: 'completed', result: { content: [{ type: 'text', text: 'Deployed.' }] } });
  });
  expect(await run(['call', server.url, 'deploy'], { home })).toMatchObject({ code: 6 });
  const id = await idOf(home, 'deploy');
  const { stdout } = await run(['get', id, '--json'], { home });
  const { task: document } = JSON.parse(stdout) as { task: { questionDigests: Readonly<Record<string, string>> } };
  const digest = document.questionDigests.approve ?? '';
  const changeQuestion = (next: string): void => {
    message = next;
  };
  return { home, server, id, digest, changeQuestion };
}

test(verifies('S8', "a script's answer is refused when another question has replaced the one it read"), async () => {
  const { home, server, id, digest, changeQuestion } = await taskWithQuestion();
  changeQuestion('Delete production?');
  // A `get` sooner than the poll interval shows the record.
  await expect.poll(async () => (await run(['get', id], { home })).stdout).toContain('Delete production?');
  for (const key of [[], ['approve']]) {
    const refused = await run(['answer', id, ...key, '--question', digest, '--accept', 'go=true'], { home });
    expect(refused).toMatchObject({ code: 6, stdout: '' });
    expect(refused.stderr).toContain('nothing was sent');
  }
  expect(server.count('tasks/update')).toBe(0);
});

test('a question read by another command is answered by its digest alone', async () => {
  const { home, server, id, digest } = await taskWithQuestion();
  expect(digest).toMatch(/^[0-9a-f]{16}$/);
  const answered = await run(['answer', id, '--question', digest, '--accept', 'go=true'], { home });
  expect(answered).toMatchObject({ code: 0 });
  expect(server.count('tasks/update')).toBe(1);
  expect(await run(['wait', id], { home })).toMatchObject({ code: 0, stdout: 'Deployed.\n' });
});
