import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** A host with a question and a list of answers; prints the result of each. */
const host = `
import { createTaskClient } from '@mcp-tasks/client';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { createScriptedConnection } from '@mcp-tasks/client/testing';

const [schema, ...answers] = JSON.parse(process.argv[1]);
const task = { taskId: 't1', status: 'working', ttlMs: null, pollIntervalMs: 250 };
const ask = { method: 'elicitation/create', params: { mode: 'form', message: 'Who?', requestedSchema: schema } };
const connection = createScriptedConnection(
  { revision: '2026-07-28', capabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } },
  ({ method }) => {
    if (method === 'tools/call') return { resultType: 'task', ...task };
    return method === 'tasks/update' ? {} : { ...task, status: 'input_required', inputRequests: { who: ask } };
  },
);
const tasks = createTaskClient({ connection, store: createMemoryStore() });
const task1 = await tasks.start({ name: 'deploy' });
await task1.outcome({ stopOnInput: true });
const results = [];
for (const content of answers) {
  const given = task1.question('who').then((question) => question.answer({ action: 'accept', content }));
  results.push(await given.then(() => 'sent', (error) => error.code + ': ' + error.message));
}
await tasks.close();
console.log(JSON.stringify({ results, updates: connection.count('tasks/update') }));
`;

async function answersUnder(flags: readonly string[], schema: object, ...answers: object[]) {
  const args = [...flags, '--input-type=module', '--eval', host, JSON.stringify([schema, ...answers])];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  });
  return JSON.parse(stdout) as { readonly results: readonly string[]; readonly updates: number };
}

const schema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 2 },
    mail: { type: 'string', format: 'email' },
    when: { type: 'string', format: 'date-time' },
    count: { type: 'integer', minimum: 1, maximum: 3 },
    size: { type: 'string', enum: ['s', 'm'], enumNames: ['Small', 'Medium'] },
    colour: { type: 'string', oneOf: [{ const: 'r', title: 'Red' }] },
    tags: { type: 'array', minItems: 1, items: { anyOf: [{ const: 'a', title: 'A' }] } },
    agreed: { type: 'boolean' },
  },
  required: ['name'],
};
const wrong = [
  {},
  { name: 'A' },
  { name: 'Ada', mail: 'nobody' },
  { name: 'Ada', when: 'today' },
  { name: 'Ada', count: 1.5 },
  { name: 'Ada', count: 4 },
  { name: 'Ada', size: 'l' },
  { name: 'Ada', colour: 'g' },
  { name: 'Ada', tags: [] },
  { name: 'Ada', tags: ['b'] },
  { name: 'Ada', agreed: 'yes' },
];
const right = {
  name: 'Ada',
  mail: 'ada@example.com',
  when: '2026-11-25T12:00:00+02:00',
  count: 3,
  size: 'm',
  colour: 'r',
  tags: ['a'],
  agreed: true,
  more: 'than was asked for',
};

test.each([
  ['with code generation', []],
  ['without code generation, as under a Content-Security-Policy', ['--disallow-code-generation-from-strings']],
])('an answer is checked before it is sent, %s', async (_, flags) => {
  const { results, updates } = await answersUnder(flags, schema, ...wrong, right);
  expect(results.map((each) => each.split(' ').slice(0, 5).join(' '))).toEqual([
    ...wrong.map(() => 'answer-invalid: The answer to "who"'),
    'sent',
  ]);
  expect(results[1]).toMatch(/does not fit: name .+$/);
  expect(updates).toBe(1);
});

test('an answer to a schema that cannot be checked is sent: the server decides', async () => {
  const odd = { type: 'object', properties: { name: { type: 'text' } } };
  const { results } = await answersUnder(['--disallow-code-generation-from-strings'], odd, { name: 'Ada' });
  expect(results).toEqual(['sent']);
});
