import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { afterAll, beforeAll, onTestFinished, test } from 'vitest';
import { serveHttp } from '../connect/support.ts';
import { type Demo, freshHome, idOf, run, serveDemo, stdioDemo } from './support.ts';
import { Transcript } from './transcript.ts';

let demo: Demo;

beforeAll(async () => {
  demo = await serveDemo(freshHome());
});
afterAll(() => demo.stop());

test('list, get and result read the records', async () => {
  const home = freshHome();
  const script = new Transcript({ home });
  await script.piped('list');
  await run(['call', demo.url, 'report'], { home });
  await script.piped('call', demo.url, 'batch', '--arg', 'items=3600', '--detach');
  await script.piped('list');
  await script.typed(['list']);
  await script.piped('list', 'http://127.0.0.1:1/mcp');
  const report = await idOf(home, 'report');
  const batch = await idOf(home, 'batch');
  await script.piped('get', report);
  await script.typed(['get', report]);
  await script.piped('get', batch.slice(0, 5), '--json');
  await script.piped('get', 'zzzz');
  await script.piped('get');
  await script.piped('result', report);
  await script.typed(['result', report]);
  await script.piped('result', batch);
  await script.piped('result', batch, '--json');
  await script.matches('records');
});

test('wait takes one task, several, any of them, and a timeout', async () => {
  const home = freshHome();
  const script = new Transcript({ home });
  await run(['call', demo.url, 'report'], { home });
  await run(['call', demo.url, 'batch', '--arg', 'items=3600', '--detach'], { home });
  const report = await idOf(home, 'report');
  const batch = await idOf(home, 'batch');
  await script.piped('wait');
  await script.piped('wait', report);
  await script.typed(['wait', report]);
  await script.piped('wait', report, batch, '--any');
  await script.piped('wait', batch, '--timeout', '1s');
  await script.typed(['wait', batch], async (tty) => {
    await tty.waitForOutput('working');
    tty.press('ctrlC');
  });
  await script.piped('wait', batch, '--timeout', 'soon');
  await script.matches('wait');
});

/** The demo without pushes: a pushed `cancelled` could overtake the acknowledgement of the cancel. */
async function demoWithoutPush(): Promise<string> {
  const front = await serveHttp(async (request, response) => {
    const body = await text(request);
    if (body.includes('subscriptions/listen')) return void response.writeHead(404).end();
    const headers = Object.entries(request.headers).filter(([name]) => /^(accept|content-type|mcp-)/.test(name));
    const answer = await fetch(demo.url, { method: 'POST', headers: headers as [string, string][], body });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(await answer.text());
  });
  onTestFinished(() => front.stop());
  return front.url;
}

/** Sets the instant of the next poll to `inMs` from now. */
async function pollIn(home: string, id: string, inMs: number): Promise<void> {
  const store = await openSqliteStore({ directory: join(home, 'state') });
  await store.update(id, (record) => ({ ...record, nextPollAt: Date.now() + inMs }));
  await store.close();
}

test('cancel asks the server, forget deletes a record, prune deletes old settled records', async () => {
  const home = freshHome();
  const script = new Transcript({ home });
  const url = await demoWithoutPush();
  await run(['call', url, 'batch', '--arg', 'items=3600', '--detach'], { home });
  await run(['call', url, 'batch-pinned', '--arg', 'items=3600', '--detach'], { home });
  const batch = await idOf(home, 'batch');
  const pinned = await idOf(home, 'batch-pinned');
  await script.piped('cancel');
  await pollIn(home, batch, 60_000);
  await script.piped('cancel', batch);
  await pollIn(home, batch, 0);
  await script.piped('wait', batch);
  await script.piped('wait', batch);
  await script.piped('cancel', batch);
  await script.typed(['cancel'], async (tty) => {
    await tty.waitFor('Cancel which task?');
    tty.press('ctrlC');
  });
  await script.typed(['cancel', pinned]);
  await script.piped('forget', pinned);
  await script.typed(['forget', batch]);
  await script.piped('list', '--json');
  await script.piped('prune', '--older-than', '1d');
  await script.typed(['prune']);
  await script.piped('prune', '--json');
  await script.matches('cancel-forget-prune');
});

test('keepers lists and stops background processes', async () => {
  const home = freshHome();
  const script = new Transcript({ home });
  await script.piped('keepers');
  await script.piped('call', 'batch', '--arg', 'items=3600', '--detach', ...stdioDemo(home));
  await script.piped('keepers');
  await script.typed(['keepers']);
  await script.piped('keepers', '--stop', 'zzzz');
  await script.piped('keepers', '--stop', await idOf(home, 'batch'));
  await script.matches('keepers');
});
