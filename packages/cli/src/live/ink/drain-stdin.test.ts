import { PassThrough } from 'node:stream';
import { createFakeClock } from '@mcp-tasks/client/testing';
import { expect, test } from 'vitest';
import { drainStdin } from './drain-stdin.ts';

function startDrain() {
  const clock = createFakeClock();
  const stdin = Object.assign(new PassThrough(), { ref: () => stdin });
  let isOver = false;
  const over = drainStdin(stdin as unknown as NodeJS.ReadStream, clock).then(() => {
    isOver = true;
  });
  const type = async (keys: string) => {
    stdin.write(keys);
    await clock.settle();
  };
  return { clock, stdin, type, over, isOver: () => isOver };
}

test('the keyboard drain ends after 250 ms without a key', async () => {
  const { clock, type, isOver } = startDrain();
  await clock.advance(200);
  await type('x');
  await clock.advance(249);
  expect(isOver()).toBe(false);
  await clock.advance(1);
  expect(isOver()).toBe(true);
  expect(clock.pending).toBe(0);
});

test('the keyboard drain ends after one second, even while a key is held down', async () => {
  const { clock, type, isOver } = startDrain();
  for (let at = 0; at < 950; at += 50) {
    await type('x');
    await clock.advance(50);
  }
  expect(isOver()).toBe(false);
  await clock.advance(50);
  expect(isOver()).toBe(true);
});

test.each([
  ['Ctrl-C', (stdin: PassThrough) => void stdin.write('\u0003')],
  ['the end of the terminal', (stdin: PassThrough) => void stdin.end()],
  ['an error of the terminal', (stdin: PassThrough) => void stdin.destroy(new Error('EIO'))],
])('%s ends the keyboard drain at once', async (_what, happen) => {
  const { clock, stdin, over } = startDrain();
  happen(stdin);
  await over;
  expect(clock.pending).toBe(0);
});
