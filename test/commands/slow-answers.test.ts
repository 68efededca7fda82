import { expect, onTestFinished, test } from 'vitest';
import { freshHome, idOf, run, serveDemo, start } from './support.ts';

test('an answer without an acknowledgement prints what it waits for, and stays saved after Ctrl-C', async () => {
  const home = freshHome();
  const demo = await serveDemo(home);
  onTestFinished(() => demo.stop());
  expect(await run(['call', demo.url, 'release'], { home })).toMatchObject({ code: 6 });
  const id = await idOf(home, 'release');
  demo.hold();
  const left = start(['answer', id, '--accept', 'approve=true'], { home });
  await left.waitFor(`${id}  approval: saved; waiting for 127.0.0.1`);
  left.process.kill('SIGINT');
  expect(await left.done).toMatchObject({ code: 130, stderr: expect.stringContaining('may not have arrived yet') });
  demo.release();
  const waited = await run(['wait', id], { home });
  expect(waited).toMatchObject({ code: 6, stderr: expect.stringContaining('asks strategy') });
});
