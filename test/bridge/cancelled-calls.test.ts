import { expect, onTestFinished, test } from 'vitest';
import { plainOverHttp, plainOverStdio } from './plain.ts';
import { type BridgedHost, idIn, type RunOptions, run, startHost, stateOf, textOf } from './support.ts';

const REVISIONS = ['2025-11-25', '2026-07-28'] as const;

/** The outcomes of all records. */
async function recorded({ home }: Pick<RunOptions, 'home'>) {
  const { stdout } = await run(['list', '--all', '--json'], { home, env: { MCP_TASKS_HOME: stateOf({ home }) } });
  const { tasks } = JSON.parse(stdout) as {
    tasks: readonly { outcome: { status: string; error?: { message: string } } | null }[];
  };
  return tasks.map(({ outcome }) => outcome);
}

const ASKED = [{ status: 'unknown', error: { message: expect.stringContaining('asked to cancel') as string } }];

async function hostOf(plain: Parameters<typeof startHost>[0], flags: readonly string[]): Promise<BridgedHost> {
  const host = await startHost(plain, flags);
  onTestFinished(() => host.close());
  return host;
}

/** Aborts a held call after it has reached the server. */
async function abortCall(host: BridgedHost, plain: Pick<ReturnType<typeof plainOverStdio>, 'received'>): Promise<void> {
  const stop = new AbortController();
  const call = host.call('slow', {}, { signal: stop.signal }).catch(() => undefined);
  await expect.poll(() => plain.received('tools/call')).toHaveLength(1);
  stop.abort();
  await call;
}

async function cancelled(host: BridgedHost): Promise<string> {
  const id = idIn(await host.call('slow'));
  expect(textOf(await host.call('tasks_cancel', { id }))).toContain(`The server is asked to stop task ${id}`);
  return id;
}

test.each(REVISIONS)(
  'tasks_cancel of a call without a task cancels the request at a stdio server of %s, and the record notes the cancel',
  async (revision) => {
    const plain = plainOverStdio(revision);
    const host = await hostOf(plain, ['--hold', '300ms']);
    const id = await cancelled(host);
    await expect.poll(() => plain.received('notifications/cancelled')).toHaveLength(1);
    const [call] = plain.received('tools/call');
    expect(plain.received('notifications/cancelled')[0]?.params?.requestId).toBe(call?.id);
    await expect.poll(() => recorded(plain)).toMatchObject(ASKED);
    const ended = textOf(await host.call('tasks_wait', { id }));
    expect(ended).toContain(`"slow" (task ${id}) ended unknown: "The server was asked to cancel the call`);
    // The outcome was delivered: the same call runs again.
    expect(idIn(await host.call('slow'))).not.toBe(id);
    expect(plain.received('tools/call')).toHaveLength(2);
  },
);

test('tasks_cancel of a call without a task cancels the request at an HTTP server of 2025-11-25', async () => {
  const plain = await plainOverHttp('2025-11-25');
  const host = await hostOf(plain, ['--hold', '300ms']);
  await cancelled(host);
  await expect.poll(() => plain.received('notifications/cancelled')).toHaveLength(1);
  await expect.poll(() => recorded(plain)).toMatchObject(ASKED);
});

test('tasks_cancel of a call without a task closes its stream at an HTTP server of 2026-07-28', async () => {
  const plain = await plainOverHttp('2026-07-28');
  const host = await hostOf(plain, ['--hold', '300ms']);
  await cancelled(host);
  await expect.poll(() => plain.left()).toBe(1);
  await expect.poll(() => recorded(plain)).toMatchObject(ASKED);
});

test.each(REVISIONS)(
  'with --cancel-upstream an aborted call without a task is cancelled at a server of %s',
  async (revision) => {
    const plain = plainOverStdio(revision);
    const host = await hostOf(plain, ['--hold', '20s', '--cancel-upstream']);
    await abortCall(host, plain);
    await expect.poll(() => plain.received('notifications/cancelled')).toHaveLength(1);
    await expect.poll(() => recorded(plain)).toMatchObject(ASKED);
  },
);

test('without --cancel-upstream an aborted call leaves its request running', async () => {
  const plain = plainOverStdio('2026-07-28');
  const host = await hostOf(plain, ['--hold', '20s']);
  await abortCall(host, plain);
  expect(textOf(await host.call('quick'))).toBe('quick under 2026-07-28');
  expect(plain.received('notifications/cancelled')).toEqual([]);
  expect(await recorded(plain)).toContainEqual(null);
});
