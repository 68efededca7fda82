import { createScriptedConnection } from '@mcp-tasks/client/testing';
import { expect, onTestFinished, test } from 'vitest';
import { task } from '../live/state/play.ts';
import { createLazyConnection } from './lazy-connection.ts';

test('a server that speaks another revision by now is left, also where that fails', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): number => unhandled.push(reason);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  const other = createScriptedConnection({ revision: '2025-11-25' }, () => ({}));
  let left = 0;
  const lazy = createLazyConnection(task('a1'), async () => ({
    ...other,
    async close() {
      left += 1;
      throw new Error('the pipe is broken');
    },
  }));
  await expect(lazy.request('tasks/get', {})).rejects.toMatchObject({
    failure: { kind: 'invalid', message: expect.stringContaining('now speaks 2025-11-25') },
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect({ left, unhandled, sent: other.sent }).toEqual({ left: 1, unhandled: [], sent: [] });
});
