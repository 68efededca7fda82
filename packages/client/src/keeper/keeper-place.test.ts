import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keeperPlace } from './keeper-place.ts';

let temporary = '';
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'place-'));
  vi.stubEnv('TMPDIR', temporary);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(temporary, { recursive: true, force: true });
});

/** The place of a keeper for a directory with this name: a short one, or one too long for a socket in it. */
const placeIn = (name: string) =>
  keeperPlace({ directory: join(temporary, name), fingerprint: 'server', secrets: null });
const long = 'd'.repeat(100);
const own = (): string => join(temporary, `mcp-tasks-${userInfo().uid}`);

test('the socket is in a folder that only this user can enter, also for a long path', async () => {
  for (const name of ['short', long]) {
    const { path } = await placeIn(name);
    expect([name, statSync(dirname(path)).mode & 0o777]).toEqual([name, 0o700]);
  }
});

test('a socket folder that others can enter or replace is refused', async () => {
  mkdirSync(own());
  chmodSync(own(), 0o777);
  await expect(placeIn(long)).rejects.toThrow('others can enter it');
  chmodSync(own(), 0o700);
  const { path } = await placeIn(long);
  chmodSync(dirname(path), 0o750);
  await expect(placeIn(long)).rejects.toThrow('others can enter it');
});

test('a symbolic link in place of the socket folder is refused', async () => {
  const { path } = await placeIn(long);
  renameSync(dirname(path), join(temporary, 'aside'));
  symlinkSync(join(temporary, 'aside'), dirname(path));
  await expect(placeIn(long)).rejects.toThrow('others can enter it');
});

test('a state directory that others can write to has no keeper', async () => {
  mkdirSync(join(temporary, 'open'));
  chmodSync(join(temporary, 'open'), 0o777);
  await expect(placeIn('open')).rejects.toMatchObject({ code: 'store-unsafe' });
});
