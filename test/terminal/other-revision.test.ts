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
  ['2026-07-28', '2025-11-25', /Task \w+ was made under 2026-07-28; \S+ now speaks 2025-11-25/],
  ['2025-11-25', '2026-07-28', /Unsupported protocol version: 2025-11-25/],
])(
  'when a server of %s restarts under %s, watch reports the revision of its old task and follows new ones',
  async (first, second, words) => {
    const home = freshHome();
    const port = await freePort();
    const before = await serve(first, port);
    await begin(home, before, 'batch', 'items=3600');
    await using term = watch(home, ['--keep-open', before.url], { rows: 30, columns: 120 });
    await term.waitFor(/◐ .*batch/);
    await before.stop();
    await term.waitFor(/unreachable|no answer, retrying/);
    const after = await serve(second, port);
    await term.waitForOutput(words);
    const next = await begin(home, after, 'batch', 'items=3600');
    await term.waitFor(new RegExp(`◐ ${next} .*Item \\d+ of 3600`));
  },
);
