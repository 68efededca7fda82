import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFrontFile, readFronts } from './front-file.ts';

const front = { pid: process.pid, startedAt: 1_000, server: 'some-server', fingerprint: 'f' };

test('the file of a front lists its hosts, its address and its held calls, and is deleted with the front', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-tasks-front-'));
  const file = createFrontFile(folder, front);
  file.sawHost('codex');
  file.sawHost('codex');
  file.sawHost('');
  file.listensAt('http://127.0.0.1:4100/mcp');
  const release = file.hold();
  file.hold();
  release();
  expect(readFronts(folder)).toEqual([{ ...front, url: 'http://127.0.0.1:4100/mcp', hosts: ['codex'], held: 1 }]);
  file.close();
  expect(readFronts(folder)).toEqual([]);
});

test('files of killed fronts and unreadable files are not listed; only files of killed fronts are deleted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-tasks-front-'));
  const noProcess = 2 ** 22 + 1;
  createFrontFile(folder, { ...front, pid: noProcess });
  const fronts = join(folder, 'bridge', 'fronts');
  writeFileSync(join(fronts, '1.json'), '{"version":1');
  expect(readFronts(folder)).toEqual([]);
  expect(readdirSync(fronts)).toEqual(['1.json']);
});
