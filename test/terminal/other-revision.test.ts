import { onTestFinished, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { begin, freshHome, serveDemo, watch } from './support/watch.ts';

/** A demo of one revision at this port; its tasks are those of its folder. */
async function serve(revision: string, port: number) {
  const demo = await serveDemo(freshHome(), '--revision', revision, '--port', String(port));
  onTestFinished(() => demo.stop());
  return demo;
}

test.each([
  ['2026-07-28', '2025-11-25', 'after a while'],
  ['2026-07-28', '2025-11-25', 'at once'],
  ['2025-11-25', '2026-07-28', 'after a while'],
  ['2025-11-25', '2026-07-28', 'at once'],
])(
  'when a server of %s restarts under %s %s, watch reports the revision of its old task and follows new ones',
  async (first, second, when) => {
    const home = freshHome();
    const port = await freePort();
    const before = await serve(first, port);
    await begin(home, before, 'batch', 'items=3600');
    await using term = watch(home, ['--keep-open', before.url], { rows: 30, columns: 120 });
    // A second message comes by a poll; the first may be from the record.
    const [message = ''] = /Item \d+ of 3600/.exec(await term.waitFor(/Item \d+ of 3600/)) ?? [];
    await term.waitFor(new RegExp(`(?!${message})Item \\d+ of 3600`));
    await before.stop();
    if (when === 'after a while') await term.waitFor(/unreachable|no answer, retrying/);
    const after = await serve(second, port);
    await term.waitForOutput(`now speaks ${second}`);
    const next = await begin(home, after, 'batch', 'items=3600');
    await term.waitFor(new RegExp(`◐ ${next} .*Item \\d+ of 3600`));
  },
);
