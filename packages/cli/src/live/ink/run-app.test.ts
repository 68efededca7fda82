import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { processClock } from '../../process-clock.ts';
import type { LiveChange, LiveSession } from '../live-session.ts';
import { task } from '../state/play.ts';
import { runWatch } from './run-watch.ts';

beforeEach(
  () =>
    void vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'],
    }),
);
afterEach(() => void vi.useRealTimers());

/** Live view with a task whose message changes every 20 ms; resolves once it is drawn. */
async function busyView() {
  const terminal = () => Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  const stdin = Object.assign(terminal(), { setRawMode: () => stdin, ref: () => stdin, unref: () => stdin });
  const stdout = terminal();
  let drawn = '';
  let report: (change: LiveChange) => void = () => undefined;
  stdout.on('data', (chunk) => {
    drawn += chunk;
  });
  const live: Pick<LiveSession, 'subscribe' | 'polling'> = {
    polling: async () => ({ by: 'nobody' }),
    subscribe(listener) {
      report = listener;
      let step = 0;
      const change = (): LiveChange => {
        step += 1;
        return { kind: 'records', records: [task('k7f3q2', { statusMessage: `step ${step}` })], removed: [] };
      };
      const changing = setInterval(() => listener(change()), 20);
      return () => clearInterval(changing);
    },
  };
  const end = runWatch({
    live: live as LiveSession,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    keepOpen: true,
    readOnly: false,
    bell: false,
    ascii: false,
    color: true,
    clock: processClock,
    programs: { page: async () => undefined, edit: async (text) => text },
  });
  const frames = () => drawn.split('step ').length - 1;
  while (frames() === 0) await vi.advanceTimersByTimeAsync(10); // React draws in turns of its own
  return {
    frames,
    drawn: () => drawn,
    report: (change: LiveChange) => report(change),
    async press(key: string) {
      stdin.write(key);
      await setImmediate(); // stdin is read in a later turn
    },
    end,
  };
}

test('a view with constant changes is drawn twice a second', async () => {
  const view = await busyView();
  const before = view.frames();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(view.frames() - before).toBeGreaterThanOrEqual(18);
  expect(view.frames() - before).toBeLessThanOrEqual(21);
  await view.press('q');
  await vi.advanceTimersByTimeAsync(1_000);
  await view.end;
});

test('a key press is drawn at once on a busy screen', async () => {
  const view = await busyView();
  const before = view.frames();
  while (view.frames() === before) await vi.advanceTimersByTimeAsync(10);
  await view.press('?');
  await vi.advanceTimersByTimeAsync(40);
  expect(view.drawn()).toContain('close the help');
  await view.press('q');
  await view.press('q');
  await vi.advanceTimersByTimeAsync(1_000);
  await view.end;
});

test('a new task is drawn at once, even on a busy screen', async () => {
  const view = await busyView();
  const before = view.frames();
  while (view.frames() === before) await vi.advanceTimersByTimeAsync(10);
  view.report({ kind: 'records', records: [task('n3wone', { statusMessage: 'just begun' })], removed: [] });
  await vi.advanceTimersByTimeAsync(40);
  expect(view.drawn()).toContain('just begun');
  await view.press('q');
  await vi.advanceTimersByTimeAsync(1_000);
  await view.end;
});
