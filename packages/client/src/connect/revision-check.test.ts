import { expect, test } from 'vitest';
import type { Target } from '../task/record.ts';
import { createScriptedConnection, fail, type ScriptedConnection } from '../testing/scripted-connection.ts';
import type { ConnectionFailure, Failure } from './connection.ts';
import { createRelay } from './relay.ts';

const NO_SESSION: Failure = { kind: 'http', status: 400, message: 'HTTP 400: open a session first' };
const SAID_IN_JSON: Failure = { kind: 'rpc', code: -32000, message: 'Bad Request: no session', httpStatus: 400 };
const UNSUPPORTED: Failure = { kind: 'rpc', code: -32022, message: 'Unsupported protocol version' };
const CHANGED = { kind: 'invalid', message: 'it now speaks 2025-11-25, no longer 2026-07-28' };

const URL_TARGET = { kind: 'url', url: 'https://example.com/mcp' } as const;

/** A relay to an HTTP server: a restart ends no connection, and requests of an earlier revision are refused. */
function setUp(refusal: Failure, target: Target = URL_TARGET) {
  const opened: (ScriptedConnection & { readonly isLeft: () => boolean })[] = [];
  let [speaks, isBroken, passedMs] = ['2026-07-28', false, 0];
  const relay = createRelay({
    monotonic: () => passedMs,
    async open() {
      const revision = speaks;
      let isLeft = false;
      const script = () => (isBroken || revision !== speaks ? fail(refusal) : { revision });
      const close = async () => {
        isLeft = true;
      };
      const scripted = createScriptedConnection({ revision }, script);
      const identity = { ...scripted.identity, target };
      opened.push({ ...scripted, identity, close, isLeft: () => isLeft });
      return opened.at(-1) as ScriptedConnection;
    },
  });
  const ask = (method = 'tasks/get') =>
    relay.request(method, { taskId: 't' }).catch((error: ConnectionFailure) => error.failure);
  return {
    ask,
    opened,
    left: () => opened.map(({ isLeft }) => isLeft()),
    restartAs(revision: string) {
      speaks = revision;
    },
    breakPolls() {
      isBroken = true;
    },
    pass(ms: number) {
      passedMs += ms;
    },
  };
}

test.each([NO_SESSION, SAID_IN_JSON, UNSUPPORTED])(
  'a poll refused with "$message" by a server that restarted under another revision fails as changed',
  async (refusal) => {
    const server = setUp(refusal);
    await server.ask();
    server.restartAs('2025-11-25');
    expect(await server.ask()).toEqual(CHANGED);
    expect(server.left()).toEqual([true, true]);
  },
);

test('a call refused by a restarted server keeps its own failure, and the next poll fails as changed', async () => {
  const server = setUp(NO_SESSION);
  await server.ask();
  server.restartAs('2025-11-25');
  expect(await server.ask('tools/call')).toEqual(NO_SESSION);
  server.pass(300);
  expect(await server.ask()).toEqual(CHANGED);
});

test('a server that refuses polls under its own revision is checked once in 30 s, and its connection stays', async () => {
  const server = setUp(NO_SESSION);
  await server.ask();
  server.breakPolls();
  expect(await Promise.all([server.ask(), server.ask()])).toEqual([NO_SESSION, NO_SESSION]);
  expect(await server.ask()).toEqual(NO_SESSION);
  expect(server.left()).toEqual([false, true]);
  server.pass(30_000);
  expect(await server.ask()).toEqual(NO_SESSION);
  expect(server.left()).toEqual([false, true, true]);
});

test('a program is not started a second time to compare revisions', async () => {
  const server = setUp(UNSUPPORTED, { kind: 'command', command: 'server', args: [] });
  await server.ask();
  server.breakPolls();
  expect(await server.ask()).toEqual(UNSUPPORTED);
  expect(server.opened).toHaveLength(1);
});
