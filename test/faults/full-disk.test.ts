import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../packages/client/src/store/sqlite-store.ts';
import { type Act, complete, serveFaulty } from './faulty-server.ts';
import { freshDirectory, spawnHost } from './processes.ts';
import { verifies } from './scenarios.ts';
import { CREATED, WORKING } from './world.ts';

const RESULT = { resultType: 'complete', content: [{ type: 'text', text: 'done' }] };
const CREATE: Act = { result: { ...CREATED, pollIntervalMs: 250 } };
const COMPLETED = complete({ ...WORKING, status: 'completed', result: RESULT });

/** A file system of four megabytes; `undefined` when this user may not mount one. */
function smallDisk(): string | undefined {
  const directory = freshDirectory();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', directory]));
  return directory;
}

/** Fills the disk. */
function fill(directory: string): void {
  const file = openSync(join(directory, 'filler'), 'w');
  const block = Buffer.alloc(1024);
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  } finally {
    closeSync(file);
  }
}

const noticesOf = (events: readonly { readonly [key: string]: unknown }[]): readonly unknown[] =>
  events.flatMap(({ notice }) => (notice === undefined ? [] : [notice]));

test(
  verifies('M5', 'a call on a full disk returns its result and warns once that it is not saved'),
  async ({ skip }) => {
    const disk = smallDisk() ?? skip('needs the right to mount a file system');
    fill(disk);
    const server = await serveFaulty(({ method, count }) => {
      if (method === 'tools/call') return CREATE;
      if (method !== 'tasks/get') return undefined;
      return count < 4 ? complete({ ...WORKING, statusMessage: `step ${count}` }) : COMPLETED;
    });
    const host = spawnHost({ url: server.url, directory: join(disk, 'home'), name: 'host' });
    expect(await host.waitFor(({ kind }) => kind === 'settled')).toMatchObject({ status: 'completed' });
    expect(await host.ended).toBe(0);
    expect(noticesOf(host.events)).toEqual([expect.stringMatching(/^NOT SAVED: .*MCP_TASKS_HOME/)]);
    expect(server.count('tools/call')).toBe(1);
  },
);

test(
  verifies('M5', 'a task pauses with one warning when the disk fills up, and resumes when there is room'),
  async ({ skip }) => {
    const disk = smallDisk() ?? skip('needs the right to mount a file system');
    const directory = join(disk, 'home');
    mkdirSync(directory);
    const server = await serveFaulty(({ method, count }) => {
      if (method === 'tools/call') return CREATE;
      if (method !== 'tasks/get') return undefined;
      if (count === 3) fill(disk);
      return count < 12 ? complete({ ...WORKING, statusMessage: `${count} ${'x'.repeat(9_000)}` }) : COMPLETED;
    });
    const host = spawnHost({ url: server.url, directory, name: 'host', tempo: 4 });
    await host.waitFor(({ notice }) => notice !== undefined);
    rmSync(join(disk, 'filler'));
    expect(await host.waitFor(({ kind }) => kind === 'settled')).toMatchObject({ status: 'completed' });
    expect(await host.ended).toBe(0);
    expect(noticesOf(host.events)).toEqual([
      expect.stringMatching(/^NOT SAVED: deploy \(t1\) keeps the state that was last saved.*disk is full/),
    ]);
    expect(server.count('tools/call')).toBe(1);
    const store = await openSqliteStore({ directory, onNotice: (text) => expect.fail(text) });
    expect((await store.list()).records).toMatchObject([{ taskId: 't1', phase: 'settled', status: 'completed' }]);
    await store.close();
  },
);
