import { expect, onTestFinished, test } from 'vitest';
import { freshHome, run, start } from '../commands/support.ts';
import { watch } from '../terminal/support/watch.ts';
import { createBoardWorld, scriptOf } from './board-world.ts';
import { serveReplicateApi } from './replicate-api.ts';

const VERSION = ['--arg', 'version=acme/whale:1', '--arg', 'input:={"prompt":"a whale"}'];

/** replicate-mcp from npm on a local API, with the bundled mapping. */
async function startReplicate() {
  const api = await serveReplicateApi();
  onTestFinished(() => api.stop());
  const env = { REPLICATE_API_TOKEN: 'r8_test', REPLICATE_BASE_URL: api.url };
  const script = scriptOf('replicate-mcp', 'index.js');
  const world = createBoardWorld({ script, env }, { home: freshHome(), name: 'replicate' });
  const begun = () => api.requests.filter((each) => each === 'POST /predictions').length;
  return { api, begun, ...world };
}

test('a prediction starts once, survives kill -9, and keeps its output after the server has deleted it', async () => {
  const { api, home, begun } = await startReplicate();
  const calling = start(['call', 'replicate', 'prediction', ...VERSION], { home });
  await calling.waitFor('working  starting');
  calling.process.kill('SIGKILL');
  await calling.done;
  api.set({ status: 'processing' });
  const [{ task }] = JSON.parse((await run(['list', '--json'], { home })).stdout).tasks;
  const waiting = start(['wait', task.id], { home });
  await waiting.waitFor('processing');
  api.set({ status: 'succeeded', output: ['https://replicate.delivery/whale.png'] });
  expect(await waiting.done).toMatchObject({ code: 0, stdout: expect.stringContaining('whale.png') });
  api.forget();
  expect(await run(['result', task.id], { home })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('whale.png'),
  });
  expect(begun()).toBe(1);
});

test('watch shows a running prediction, cancels it at the server, and shows it as cancelled after that', async () => {
  const { api, home } = await startReplicate();
  await run(['call', 'replicate', 'prediction', ...VERSION, '--detach'], { home });
  api.set({ status: 'processing' });
  await using view = watch(home, ['--keep-open'], { columns: 100, rows: 24 });
  await view.waitFor(/prediction .*processing/);
  view.write('c');
  await view.waitFor('y/n');
  view.write('y');
  await view.waitFor(/○ .*prediction .*canceled/);
  expect(api.requests.filter((each) => each.endsWith('/cancel'))).toEqual(['POST /predictions/p1/cancel']);
});

test('a failed prediction shows its reason, a deleted one is expired, and follow lists those of others', async () => {
  const { api, home, byOther } = await startReplicate();
  const ids: string[] = [];
  for (const _ of [1, 2]) {
    const { stdout } = await run(['call', 'replicate', 'prediction', ...VERSION, '--detach'], { home });
    ids.push(stdout.trim());
  }
  api.set({ status: 'failed', error: 'CUDA out of memory' });
  const failed = await run(['wait', ids[0] ?? ''], { home });
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('CUDA out of memory') });
  await byOther('create_predictions', { version: 'acme/whale:1', input: {} });
  const listed = await run(['follow', 'replicate', 'prediction'], { home });
  expect(listed.stdout).toContain('p3');
  expect(listed.stdout).not.toContain('p2');
  api.forget();
  expect(await run(['wait', ids[1] ?? ''], { home })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('expired'),
  });
});

test('doctor confirms that the preset fits the tools of replicate-mcp', async () => {
  const { home } = await startReplicate();
  const { stdout } = await run(['doctor', 'replicate'], { home });
  expect(stdout).toMatch(/ok +job +prediction: followed by get_predictions/);
  expect(stdout).not.toMatch(/FAILED +job/);
});
