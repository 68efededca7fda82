import { expect, test } from 'vitest';
import { limitBody } from './limit-body.ts';

const LIMIT = 100;

/** Reads a body of these chunks through the limit. */
async function read(contentType: string, chunks: readonly string[]): Promise<number> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
  const response = new Response(body, { headers: { 'content-type': contentType } });
  return (await limitBody(response, LIMIT, () => new Error('too long')).arrayBuffer()).byteLength;
}

const EVENTS = 'text/event-stream';
const line = `data: ${'a'.repeat(30)}\n`;

test.each([
  ['a whole body', 'application/json', ['a'.repeat(60), 'a'.repeat(60)]],
  ['one line of an event stream', EVENTS, ['a'.repeat(60), 'a'.repeat(60)]],
  ['one event of many short lines', EVENTS, [line, line, line]],
  ['one event of many short lines in one chunk', EVENTS, [line.repeat(3)]],
  ['an event between short ones', EVENTS, [`a\n\n${line.repeat(3)}\n\nb\n\n`]],
])('%s is limited', async (_, contentType, chunks) => {
  await expect(read(contentType, chunks)).rejects.toThrow('too long');
});

test.each([
  ['in one chunk', [`${line}\n`.repeat(20)]],
  ['each in a chunk', Array.from({ length: 20 }, () => `${line}\n`)],
  ['with carriage returns', [`${line.trim()}\r\n\r\n`.repeat(20)]],
  ['cut anywhere', [...`${line.trim()}\r\n\r\n${line}\n`.repeat(10)]],
])('an event stream of short events is not limited, %s', async (_, chunks) => {
  expect(await read(EVENTS, chunks)).toBe(chunks.join('').length);
});
