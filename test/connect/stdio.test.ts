import { fileURLToPath } from 'node:url';
import type { Connection, ConnectOptions, Failure, JsonObject, Target } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { expect, onTestFinished, test } from 'vitest';

const odd = fileURLToPath(new URL('./odd-server.mjs', import.meta.url));

async function open(options: ConnectOptions = {}, ...args: string[]): Promise<Connection> {
  const target: Target = { kind: 'command', command: process.execPath, args: [odd, ...args] };
  const connection = await connect(target, options);
  onTestFinished(() => connection.close());
  return connection;
}

async function ask(connection: Connection, method: string): Promise<JsonObject> {
  return (await connection.request(method, {}, { timeoutMs: 20_000 })) as JsonObject;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a server runs in its own process group, out of reach of Ctrl-C in our terminal', async () => {
  const { pid, group } = await ask(await open(), 'group');
  expect(group).toBe(pid);
});

test('a server gets a safe environment and its own variables, not all of ours', async () => {
  process.env.SECRET_OF_OURS = 'x';
  onTestFinished(() => {
    delete process.env.SECRET_OF_OURS;
  });
  const env = await ask(await open({ env: { GIVEN: 'yes' } }), 'env');
  expect(env).toMatchObject({ GIVEN: 'yes', PATH: process.env.PATH });
  expect(env).not.toHaveProperty('SECRET_OF_OURS');
});

test('a server that exits on server/discover is restarted and initialized under its own revision', async () => {
  const connection = await open({}, '--dies-of-discovery');
  expect(connection.negotiated.revision).toBe('2025-11-25');
});

test('garbage on standard output is reported once, and replies still arrive', async () => {
  const stderr: string[] = [];
  const connection = await open({ onStderr: (line) => stderr.push(line) });
  expect(await ask(connection, 'garbage')).toEqual({});
  expect(await ask(connection, 'garbage')).toEqual({});
  expect(stderr).toEqual(['odd server: ready', 'Not a message on its standard output: Listening on port 3000!']);
});

test('a message of 100 MB is a clear error, and the connection stays open', async () => {
  const connection = await open();
  await expect(ask(connection, 'huge')).rejects.toMatchObject({
    failure: { kind: 'invalid', message: 'it sent a message of more than 64 MB' },
  });
  expect(await ask(connection, 'group')).toHaveProperty('pid');
});

test('a result of 20 MB arrives whole', async () => {
  const { text } = await ask(await open(), 'large');
  expect((text as string).length).toBe(20 * 1024 * 1024);
});

test('a server that dies mid-line fails its pending requests, with its stderr in the error', async () => {
  const connection = await open();
  const closed = new Promise<Failure>((resolve) => connection.onClosed(resolve));
  const failure = { kind: 'transport', message: 'it ended with code 9: out of memory' };
  await expect(ask(connection, 'die')).rejects.toMatchObject({ failure });
  expect(await closed).toEqual(failure);
  await expect(ask(connection, 'group')).rejects.toMatchObject({ failure });
});

test('closing kills a server that ignores the end of its input and SIGTERM', async () => {
  const connection = await open();
  const { pid } = await ask(connection, 'group');
  await ask(connection, 'stay');
  let reported = false;
  connection.onClosed(() => {
    reported = true;
  });
  await connection.close();
  expect(isAlive(pid as number)).toBe(false);
  expect(reported).toBe(false); // closing it ourselves is not reported
});

test('a server request waits for a handler and reaches it unvalidated', async () => {
  const connection = await open();
  const asking = ask(connection, 'ask');
  await ask(connection, 'group'); // the question has arrived before this resolves
  connection.onRequest(async ({ method, params }) => ({ action: 'accept', content: { method, params } }));
  expect(await asking).toEqual({
    answer: {
      action: 'accept',
      content: { method: 'elicitation/create', params: { message: 'Sure?', strange: { extra: true } } },
    },
  });
});
