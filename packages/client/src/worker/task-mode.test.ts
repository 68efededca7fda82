import { expect, test } from 'vitest';
import { enterMode, type Mode } from './task-mode.ts';

const failure = { kind: 'transport', message: 'deleted' } as const;
const fresh: Mode = { kind: 'idle', why: 'new' };
const settled: Mode = { kind: 'idle', why: 'settled' };
const left: Mode = { kind: 'idle', why: 'left' };
const lost: Mode = { kind: 'idle', why: 'call-lost', failure };
const leading: Mode = { kind: 'leading', lease: { id: 'a1', owner: 'me', fence: 1 } };
const following: Mode = { kind: 'following' };
const watching: Mode = { kind: 'watching' };
const deleted: Mode = { kind: 'deleted' };

test.each([
  ['is resumed', fresh, leading],
  ['is followed', fresh, following],
  ['is watched', fresh, watching],
  ['is taken over', following, leading],
  ['is borrowed for a poll', watching, leading],
  ['is released after the poll', leading, watching],
  ['is lost to another worker', leading, following],
  ['settles', leading, settled],
  ['is detached', following, left],
  ['has lost its call', leading, lost],
  ['is followed after its lost call made a task', lost, following],
  ['is deleted', leading, deleted],
])('a task %s', (_, from, to) => {
  expect(enterMode(from, to)).toBe(to);
});

test.each([
  ['was deleted', deleted, leading],
  ['has settled', settled, leading],
  ['was detached', left, following],
  ['is only watched', watching, following],
  ['is led', leading, leading],
])('a task that %s is not driven again', (_, from, to) => {
  expect(() => enterMode(from, to)).toThrow(/cannot go/);
});
