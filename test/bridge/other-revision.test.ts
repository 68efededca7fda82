import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stdioServers, waitForExit } from '../main-job/support.ts';
import { plainOverStdio } from './plain.ts';
import { BIN, bridgeHome, idIn, keepersOf, startHost, textOf } from './support.ts';

const BOTH = [
  ['2025-11-25', '2026-07-28'],
  ['2026-07-28', '2025-11-25'],
] as const;

/** The demo over stdio, with its tasks on disk, of a revision that may change with each start. */
function changingDemo(revision: string) {
  const home = bridgeHome();
  const [script, store] = [join(home, 'server.sh'), join(home, 'demo')];
  const demo = `exec '${process.execPath}' '${BIN}' demo --stdio --store '${store}' --speed 0.1`;
  const setRevision = (next: string): void => writeFileSync(script, `${demo} --revision ${next}\n`);
  setRevision(revision);
  return {
    home,
    target: ['--', 'sh', script],
    setRevision,
    kill: () => stdioServers(store).forEach((pid) => void process.kill(pid, 'SIGKILL')),
  };
}

test.each(BOTH)(
  'a server of %s that restarts with %s serves the next calls of the same host, each sent once',
  async (before, after) => {
    const plain = plainOverStdio(before);
    const host = await startHost(plain, ['--hold', '20s']);
    onTestFinished(() => host.close());
    expect(textOf(await host.call('quick'))).toBe(`quick under ${before}`);
    plain.setRevision(after);
    plain.kill();
    // A call in flight at the kill may be unknown.
    let calls = 0;
    const next = async () => {
      calls += 1;
      return textOf(await host.call('quick', { call: calls }));
    };
    await expect.poll(next).toBe(`quick under ${after}`);
    const sent = plain.received('tools/call').map(({ params }) => JSON.stringify(params?.arguments));
    expect(sent).toEqual([...new Set(sent)]);
  },
);

test.each(BOTH)(
  'a task of a server of %s that restarts with %s is reported as unknown, not run again, and keeps no keeper alive',
  async (before, after) => {
    const demo = changingDemo(before);
    const host = await startHost(demo, ['--hold', '500ms']);
    const batch = { items: 3600 };
    const id = idIn(await host.call('batch', batch));
    demo.setRevision(after);
    demo.kill();
    await expect.poll(async () => textOf(await host.call('tasks_wait', { id }))).toContain('UNKNOWN');
    await expect.poll(async () => textOf(await host.call('echo', { text: 'hello' }))).toContain('hello');
    expect(textOf(await host.call('batch', batch))).toContain('UNKNOWN: the same call of "batch"');
    expect(textOf(await host.call('tasks_list'))).toContain(`${id}  batch`);
    const keepers = keepersOf(demo.home);
    expect(keepers).toHaveLength(1);
    await host.close();
    await waitForExit(keepers[0] ?? 0);
  },
);

test('a task whose server was upgraded while no keeper ran is reported as unknown to the next host', async () => {
  const demo = changingDemo('2025-11-25');
  const killed = await startHost(demo, ['--hold', '500ms']);
  const id = idIn(await killed.call('batch', { items: 3600 }));
  for (const pid of [killed.pid, ...keepersOf(demo.home)]) process.kill(pid, 'SIGKILL');
  demo.setRevision('2026-07-28');
  const host = await startHost(demo, ['--hold', '500ms']);
  onTestFinished(() => host.close());
  await expect.poll(async () => textOf(await host.call('tasks_wait', { id }))).toContain('UNKNOWN');
});
