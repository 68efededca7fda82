import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTaskClient } from '../../packages/client/src/api/task-client.ts';
import type { Clock } from '../../packages/client/src/clock.ts';
import { connect } from '../../packages/client/src/connect/connect.ts';
import { TaskError } from '../../packages/client/src/errors.ts';
import { createMemoryStore } from '../../packages/client/src/store/memory-store.ts';
import type { JsonValue } from '../../packages/client/src/task/json.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import type { Act } from './faulty-server.ts';
import { startFaulty } from './start-faulty.ts';
import { RESULT, TASK } from './wire-world.ts';

const TEMPO = 40;
/** A fast clock for polls; the network keeps its real speed. */
const quick: Clock = {
  now: () => Date.now() * TEMPO,
  random: () => 0,
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, delayMs / TEMPO);
    return () => clearTimeout(timer);
  },
};

const JSON_TYPE = { 'content-type': 'application/json' };
const EVENTS = { 'content-type': 'text/event-stream' };
/** An outcome that the client must never accept. */
const FALSE_END = { ...TASK, status: 'completed', result: { resultType: 'complete', content: [], said: 'by nobody' } };

const written = (write: (response: ServerResponse, id: JsonValue) => void): Act => ({ write });
const body = (text: string | Buffer, headers: Record<string, string> = JSON_TYPE, status = 200): Act =>
  written((response) => void response.writeHead(status, headers).end(text));
const events = (...lines: readonly string[]): Act => body(lines.join('\n'), EVENTS);
const rpc = (id: JsonValue, rest: object): string => JSON.stringify({ jsonrpc: '2.0', id, ...rest });

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
/** Replies that do not answer their request. */
const invalidReply: fc.Arbitrary<Act> = fc.oneof(
  fc.nat(120).map((at) =>
    written((response, id) => {
      response.writeHead(200, JSON_TYPE).end(rpc(id, { result: FALSE_END }).slice(0, at));
    }),
  ),
  fc.nat(60).map((at) =>
    written((response, id) => {
      const whole = rpc(id, { result: FALSE_END });
      response.writeHead(200, { ...JSON_TYPE, 'content-length': String(whole.length) });
      response.write(whole.slice(0, at), () => response.destroy());
    }),
  ),
  fc
    .constantFrom('text/plain', 'image/png', 'application/xml', '', 'no/such; charset')
    .map((type) =>
      written(
        (response, id) => void response.writeHead(200, { 'content-type': type }).end(rpc(id, { result: FALSE_END })),
      ),
    ),
  bytes.map((text) => body(text)),
  bytes.map((text) => body(text, EVENTS)),
  bytes.map((text) =>
    written((response) => {
      response.writeHead(200, JSON_TYPE);
      for (const byte of text) response.write(Buffer.from([byte]));
      response.end();
    }),
  ),
  fc.constantFrom(20_000, 200_000).map((size) => body('{}', { ...JSON_TYPE, 'x-much': 'a'.repeat(size) })),
  fc.constantFrom(
    events('event: message', '', ''),
    events(': nothing', '', ': comes', '', ''),
    events('data:', '', 'data', '', ''),
    events('data: {"jsonrpc":', 'data: ', '', ''),
    events('retry: 0', 'id: 7', '', ''),
    events('data: [1,2]', '', 'data: "text"', '', 'data: null', '', ''),
  ),
  fc.constantFrom<JsonValue>('nobody', 0, null, true, ['x']).map((id) => body(rpc(id, { result: FALSE_END }))),
  fc.constantFrom<JsonValue>('nobody', 0, null).map((id) => events(`data: ${rpc(id, { result: FALSE_END })}`, '', '')),
  fc.constantFrom(
    written((response, id) => {
      response.writeHead(200, JSON_TYPE).end(JSON.stringify([JSON.parse(rpc(id, {})), 7]));
    }),
    written((response, id) => void response.writeHead(200, JSON_TYPE).end(rpc(id, {}))),
  ),
  fc
    .constantFrom(201, 202, 204, 206, 304, 408, 418, 429, 500, 502, 503, 504, 599)
    .map((status) => body('', JSON_TYPE, status)),
  fc.constantFrom(301, 302).map((status) => body('', { location: '/mcp' }, status)),
  bytes.map((text) => written((response) => void response.socket?.end(Buffer.concat([text, Buffer.from('\r\n\r\n')])))),
);

/** The transport follows five redirects at most: the server reports that it never received the request. */
const redirect = fc.constantFrom(307, 308).map((status) => body('', { location: '/mcp' }, status));

/** The correct reply, in each form that a server may use. */
const correctReply = (result: JsonValue): fc.Arbitrary<Act> =>
  fc.constantFrom<Act>(
    { result },
    written((response, id) => {
      // Placed after replies to no request, split inside characters, and repeated.
      const text = [rpc('nobody', { result: FALSE_END }), rpc(id, { result }), rpc(id, { result: FALSE_END })];
      response.writeHead(200, EVENTS);
      for (const byte of Buffer.from(`: ü\n${text.map((each) => `data: ${each}\n\n`).join('')}`)) {
        response.write(Buffer.from([byte]));
      }
      response.end();
    }),
  );

const taskOf = (revision: string, status: string): JsonValue =>
  revision === '2026-07-28'
    ? { resultType: 'complete', ...TASK, status, ...(status === 'completed' ? { result: RESULT } : {}) }
    : { taskId: 't1', status, ttl: 60_000, pollInterval: 250 };

test.each(['2026-07-28', '2025-11-25'] as const)(
  'a task of a %s server that sends arbitrary bytes is polled until its own result is delivered',
  async (revision) => {
    const rejections: unknown[] = [];
    const onRejection = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', onRejection);
    const end = correctReply(taskOf(revision, 'completed'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 15, arbitrary: invalidReply }, { weight: 1, arbitrary: redirect }), {
          minLength: 1,
          maxLength: 3,
        }),
        end,
        async (answers, last) => {
          const server = await startFaulty(
            ({ method, count }) => {
              if (method === 'tools/call') {
                return {
                  result:
                    revision === '2026-07-28' ? { resultType: 'task', ...TASK } : { task: taskOf(revision, 'working') },
                };
              }
              if (method === 'tasks/result') return { result: { content: RESULT.content } };
              return method === 'tasks/get' ? (answers[count - 1] ?? last) : undefined;
            },
            { revision },
          );
          const connection = await connect({ kind: 'url', url: server.url });
          const client = createTaskClient({
            connection,
            store: createMemoryStore(),
            clock: quick,
            requestTimeoutMs: 250,
          });
          try {
            const call = await acceptedCall(client, { name: 'deploy' });
            if (call.kind !== 'task') throw new Error('The server made no task');
            expect(await call.task.outcome()).toMatchObject({
              status: 'completed',
              result: { content: RESULT.content },
            });
            expect(server.count('tools/call')).toBe(1);
            // On a busy machine the correct reply may time out too, and is requested again.
            expect(server.count('tasks/get')).toBeGreaterThan(answers.length);
          } finally {
            await client.close();
            await server.stop();
          }
        },
      ),
      { numRuns: 60 },
    );
    process.off('unhandledRejection', onRejection);
    expect(rejections).toEqual([]);
  },
  180_000,
);

test.each(['2026-07-28', '2025-11-25'] as const)(
  'a call to a %s server that replies with arbitrary bytes is sent once and ends in a TaskError',
  async (revision) => {
    await fc.assert(
      fc.asyncProperty(invalidReply, async (answer) => {
        const server = await startFaulty(({ method }) => (method === 'tools/call' ? answer : undefined), { revision });
        const connection = await connect({ kind: 'url', url: server.url });
        const store = createMemoryStore();
        const client = createTaskClient({ connection, store, clock: quick });
        try {
          const leaving = AbortSignal.timeout(1_000);
          const error = await acceptedCall(client, { name: 'deploy', signal: leaving }).catch(
            (thrown: unknown) => thrown,
          );
          expect(error).toBeInstanceOf(TaskError);
          expect(server.count('tools/call')).toBe(1);
          expect(JSON.stringify((await store.list()).records)).not.toContain('by nobody');
        } finally {
          await client.close();
          await server.stop();
        }
      }),
      { numRuns: 60 },
    );
  },
  180_000,
);
