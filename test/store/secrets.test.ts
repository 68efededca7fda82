import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createTaskClient } from '../../packages/client/src/api/task-client.ts';
import { connect } from '../../packages/client/src/connect/connect.ts';
import type { Connection } from '../../packages/client/src/connect/connection.ts';
import { openSqliteStore } from '../../packages/client/src/store/sqlite-store.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { complete, serveFaulty } from '../faults/faulty-server.ts';
import { freshDirectory } from './support.ts';

const STDIO = fileURLToPath(new URL('../faults/faulty-stdio.mjs', import.meta.url));
const RESULT = { resultType: 'complete', content: [{ type: 'text', text: 'done' }] };
const TASK = { taskId: 't1', status: 'working', pollIntervalMs: 250 };
const password = { method: 'elicitation/create', params: { mode: 'form', message: 'The password, please' } };

/** Names of a store's files that contain one of these values. */
function filesWith(directory: string, secrets: readonly string[]): readonly string[] {
  return readdirSync(directory).flatMap((name) => {
    const bytes = readFileSync(join(directory, name));
    return secrets.filter((secret) => bytes.includes(secret)).map((secret) => `${name}: ${secret}`);
  });
}

/** One call from start to end, with a question; searches the store for secrets at each stage. */
async function runCall(connection: Connection, directory: string, secrets: readonly string[], answer: string) {
  const store = await openSqliteStore({ directory });
  const client = createTaskClient({ connection, store });
  onTestFinished(() => client.close());
  const call = await acceptedCall(client, { name: 'deploy', arguments: { env: 'staging' } });
  if (call.kind !== 'task') throw new Error('The server made no task');
  expect(filesWith(directory, secrets)).toEqual([]);
  for await (const update of call.task.updates()) {
    if (update.kind !== 'question') continue;
    await answerNow(call.task, update.key, { action: 'accept', content: { password: answer } });
    expect(filesWith(directory, [...secrets, answer])).toEqual([]);
  }
  expect(await call.task.outcome()).toMatchObject({ status: 'completed' });
  const [record] = (await store.list()).records;
  expect(record).toMatchObject({ tool: 'deploy', outcome: { status: 'completed' } });
  // The search does find a stored value.
  expect(filesWith(directory, [record?.server.fingerprint ?? ''])).not.toEqual([]);
  expect(filesWith(directory, [...secrets, answer])).toEqual([]);
  await client.close();
  await store.close();
  expect(filesWith(directory, [...secrets, answer])).toEqual([]);
  return record;
}

test('over HTTP, no file of the store has a header, token, password or key of the used URL', async () => {
  const seen: string[] = [];
  let answered = false;
  const server = await serveFaulty(({ method, headers }) => {
    seen.push(headers.authorization ?? '', headers['x-api-key'] ?? '', headers.cookie ?? '');
    if (method === 'tools/call') return { result: { resultType: 'task', ...TASK } };
    if (method === 'tasks/update') {
      answered = true;
      return complete({});
    }
    if (method !== 'tasks/get') return undefined;
    if (answered) return complete({ ...TASK, status: 'completed', result: RESULT });
    return complete({ ...TASK, status: 'input_required', inputRequests: { secret: password } });
  });
  const secrets = ['key-8f3a1c', 'cookie-77aa', 'query-5d2e9b', 'tok-1b2c3d4e5f', 'user-ada-love', 'pass-s3cr3t'];
  const url = server.url.replace('//', '//user-ada-love:pass-s3cr3t@');
  const connection = await connect(
    { kind: 'url', url: `${url}?api_key=query-5d2e9b&team=7` },
    {
      headers: { 'x-api-key': 'key-8f3a1c', cookie: 'session=cookie-77aa' },
      authProvider: { token: async () => 'tok-1b2c3d4e5f' },
    },
  );
  const record = await runCall(connection, freshDirectory(), secrets, 'answer-hunter2');
  expect(seen).toEqual(expect.arrayContaining(['key-8f3a1c', 'session=cookie-77aa']));
  expect(record?.server.target).toEqual({ kind: 'url', url: `${server.url}?team=7` });
});

test('over stdio, no file of the store has a value of the given environment', async () => {
  const secrets = ['env-value-4711', 'env-token-0815'];
  const connection = await connect(
    { kind: 'command', command: process.execPath, args: [STDIO, 'asks'] },
    { env: { API_TOKEN: 'env-token-0815', DATABASE_URL: 'postgres://env-value-4711@db/shop' } },
  );
  await runCall(connection, freshDirectory(), secrets, 'answer-hunter2');
});

test('the error of a refused connection does not contain the sent values', async () => {
  const server = createServer((_, response) => response.writeHead(401).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const url = `http://user-ada-love:pass-s3cr3t@127.0.0.1:${port}/mcp?token=query-5d2e9b`;
  const refusal = await connect({ kind: 'url', url }, { headers: { 'x-api-key': 'key-8f3a1c' } }).catch(
    (error) => error,
  );
  expect(refusal).toMatchObject({ code: 'auth-required' });
  expect(`${refusal.message} ${refusal.hint}`).not.toMatch(/user-ada|pass-s3|query-5d|key-8f/);
});
