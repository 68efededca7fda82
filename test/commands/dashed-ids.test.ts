import { expect, test } from 'vitest';
import { complete, serveFaulty } from '../faults/faulty-server.ts';
import { freshHome, idOf, run } from './support.ts';

/** Task ids of servers may be base64url, which may begin with a dash. */
const TASK_ID = '-Kd9_xYw2';

async function callWithDashedId() {
  const home = freshHome();
  const task = { taskId: TASK_ID, status: 'working', pollIntervalMs: 250, ttlMs: null };
  const server = await serveFaulty(({ method }) => {
    if (method === 'tools/call') return { result: { resultType: 'task', ...task } };
    return method === 'tasks/get' ? complete(task) : undefined;
  });
  expect(await run(['call', server.url, 'deploy', '--detach'], { home })).toMatchObject({ code: 0 });
  return { home, id: await idOf(home, 'deploy') };
}

test('an id that begins with a dash works in full or as a prefix, beside flags and after --', async () => {
  const { home, id } = await callWithDashedId();
  for (const words of [[TASK_ID], ['-Kd9'], ['--json', '-Kd9'], ['-Kd9', '--json'], ['--', '-Kd9']]) {
    const { code, stdout } = await run(['get', ...words], { home });
    expect({ words, code, isIt: stdout.includes(id) }).toEqual({ words, code: 0, isIt: true });
  }
  expect(await run(['forget', '-Kd9'], { home })).toMatchObject({ code: 0 });
  expect(await run(['get', id], { home })).toMatchObject({ code: 2 });
});

test('an argument that is neither a flag nor an id prefix is reported as an unknown flag', async () => {
  const { home } = await callWithDashedId();
  expect(await run(['get', '-zzz'], { home })).toMatchObject({ code: 2, stderr: expect.stringContaining("'-zzz'") });
  const misspelt = await run(['wait', '--tiemout', '5s', '-Kd9'], { home });
  expect(misspelt).toMatchObject({ code: 2 });
  expect(misspelt.stderr).toBe("error: unknown option '--tiemout'\nDid you mean --timeout?\n");
  const foreign = await run(['answer', '-Kd9', '--data', 'go=true'], { home });
  expect(foreign).toMatchObject({ code: 2, stderr: "error: unknown option '--data'\nSee mcp-tasks answer --help\n" });
  const unknown = await run(['get', '--', '-zzz', '--json'], { home });
  expect(unknown).toMatchObject({
    code: 2,
    stderr: 'error: No task -zzz on record\nList what there is: mcp-tasks list --all\n',
  });
});

test('an empty id, as of an unset variable, is refused even with only one task on record', async () => {
  const { home, id } = await callWithDashedId();
  const stderr = 'error: The task id is empty\nmcp-tasks list shows what there is.\n';
  for (const command of ['cancel', 'forget', 'get', 'wait', 'result', 'answer']) {
    expect({ command, ...(await run([command, ''], { home })) }).toMatchObject({
      command,
      code: 2,
      stdout: '',
      stderr,
    });
  }
  expect(await run(['get', id, '--json'], { home })).toMatchObject({ code: 0 });
});
