import { onTestFinished, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { begin, freshHome, serveDemo, watch } from './support/watch.ts';

/** A demo of one revision at this port; its tasks are those of its folder. */
async function serve(revision: string, port: number) {
  const demo = await serveDemo(freshHome(), '--revision', revision, '--port', String(port));
  onTestFinished(() => demo.stop());
  return demo;
}

test('watch follows a server that comes back under another revision: the old task is said to be of the former one', async () => {
  const home = freshHome();
  const port = await freePort();
  const before = await serve('2026-07-28', port);
  const old = await begin(home, before, 'batch', 'items=3600');
  await using term = watch(home, ['--keep-open', before.url], { rows: 30, columns: 120 });
  await term.waitFor(/◐ .*batch/);
  await before.stop();
  await term.waitFor('unreachable');
  const after = await serve('2025-11-25', port);
  await term.waitFor(`Task ${old} was made under 2026-07-28; 127.0.0.1:${port} now speaks 2025-11-25`);
  await term.waitFor('connected');
  const next = await begin(home, after, 'batch', 'items=3600');
  await term.waitFor(new RegExp(`◐ ${next} .*Item \\d+ of 3600`));
});
