import { expect, onTestFinished, test } from 'vitest';
import type { JsonObject } from '../../packages/client/src/task/json.ts';
import { verifies } from '../faults/scenarios.ts';
import { type Act, startFaulty } from '../faults/start-faulty.ts';
import { freshHome, idOf, run } from './support.ts';

const FORM = { method: 'elicitation/create', params: { mode: 'form', message: 'Deploy?' } };
const UNANSWERABLE = {
  folders: { method: 'roots/list', params: {} },
  prose: { method: 'sampling/createMessage', params: { messages: [], maxTokens: 10 } },
  tea: { method: 'kitchen/brew', params: {} },
};

async function serve(inputRequests: JsonObject, how: 'in a task' | 'before a task'): Promise<string> {
  const task = { taskId: 't1', ttlMs: null, pollIntervalMs: 250, createdAt: '2026-11-01T00:00:00Z' };
  const acts: Readonly<Record<string, Act>> =
    how === 'in a task'
      ? {
          'tools/call': { result: { resultType: 'task', ...task, status: 'working' } },
          'tasks/get': { result: { resultType: 'complete', ...task, status: 'input_required', inputRequests } },
        }
      : { 'tools/call': { result: { resultType: 'input_required', inputRequests, requestState: 's' } } };
  const server = await startFaulty(({ method }) => (Object.hasOwn(acts, method) ? acts[method] : undefined));
  onTestFinished(() => server.stop());
  return server.url;
}

test.each(['in a task', 'before a task'] as const)(
  `${verifies('Q8', 'a question that mcp-tasks cannot answer is reported by its key and never shown as a form,')} %s`,
  async (how) => {
    const home = freshHome();
    const url = await serve({ ...UNANSWERABLE, approve: FORM }, how);
    const { code, stderr, stdout } = await run(['call', url, 'deploy', '--jsonl'], { home });
    expect(code).toBe(6);
    for (const key of Object.keys(UNANSWERABLE)) {
      expect(stderr).toContain(`warning: ${key} cannot be answered: the server wants `);
      expect(stderr).not.toMatch(new RegExp(`asks ${key}|answer \\w+ ${key}`));
    }
    const id = await idOf(home, 'deploy');
    expect(stderr.split('\n').filter((line) => line.startsWith('Answer with'))).toEqual([
      `Answer with: mcp-tasks answer ${id} approve --accept`,
    ]);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; key?: string });
    expect(events.filter(({ event }) => event === 'question').map(({ key }) => key)).toEqual(['approve']);
    const { stdout: listed } = await run(['list'], { home });
    expect(listed).toContain('asks approve');
    expect(listed).not.toMatch(/folders|prose|tea/);
  },
);

test('a task whose questions mcp-tasks cannot answer prints the command that cancels it', async () => {
  const home = freshHome();
  const { code, stderr } = await run(['call', await serve(UNANSWERABLE, 'in a task'), 'deploy'], { home });
  expect(code).toBe(6);
  const id = await idOf(home, 'deploy');
  expect(stderr).toContain(`${id}  needs input that mcp-tasks cannot give`);
  expect(stderr).toContain(`Stop it: mcp-tasks cancel ${id}`);
  expect(stderr).not.toContain('Answer with');
});
