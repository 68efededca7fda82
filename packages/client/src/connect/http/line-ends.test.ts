import { expect, test } from 'vitest';
import { verifies } from '../../../../../test/faults/scenarios.ts';
import { createLineEnds } from './line-ends.ts';
import { tidyEvents } from './tidy-events.ts';

test('each line end becomes one line feed, wherever a chunk ends', () => {
  const text = 'a\r\n\r\nb\rc\nd\r\r\n\n\re';
  const wanted = 'a\n\nb\nc\nd\n\n\n\ne';
  for (let size = 1; size <= text.length; size += 1) {
    const lineEnds = createLineEnds();
    let read = '';
    for (let at = 0; at < text.length; at += size) read += lineEnds(text.slice(at, at + size));
    expect([size, read]).toEqual([size, wanted]);
  }
});

test(verifies('S5', 'no carriage return reaches the event parser'), async () => {
  const headers = { 'content-type': 'text/event-stream' };
  const tidied = tidyEvents(new Response(`${'\r'.repeat(1_000_000)}data: {}\r\r`, { headers }), undefined);
  const text = await tidied.text();
  expect([text.includes('\r'), text.trim()]).toEqual([false, 'data: {}']);
});
