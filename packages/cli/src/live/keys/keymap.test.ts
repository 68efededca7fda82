import { expect, test } from 'vitest';
import { asking, connect, load, NOW, type Played, press, settled, start, task } from '../state/play.ts';
import type { Action } from './binding.ts';
import { actionFor, bindingsFor, helpFor, resultKeys } from './keymap.ts';

const actionOf = ({ model }: Played, text: string) => actionFor(model, { name: 'text', text });
const helped = ({ model }: Played): readonly Action[] => helpFor(model).map(({ action }) => action);

const stuck = asking('stuck1', ['go'], { ledger: { go: { state: 'acknowledged', digest: 'd', at: NOW - 60_001 } } });

test('a answers an open question, and answers again only where none is open', () => {
  expect(actionOf(load(start(), asking('ask001', ['go'])), 'a')).toBe('answer');
  expect(actionOf(press(load(start(), stuck), '<enter>'), 'a')).toBe('answer-again');
  const both = asking('ask001', ['go', 'pay'], { ledger: { ...stuck.ledger, pay: { state: 'open', digest: 'e' } } });
  expect(actionOf(press(load(start(), both), '<enter>'), 'a')).toBe('answer');
  const offered = bindingsFor(press(load(start(), both), '<enter>').model).map(({ action }) => action);
  expect(offered).not.toContain('answer-again');
  expect(actionOf(load(start(), task('a00001')), 'a')).toBeUndefined();
});

test('c cancels a running task, but not a settled one or one with a requested cancellation', () => {
  expect(actionOf(load(start(), task('a00001')), 'c')).toBe('cancel');
  expect(actionOf(load(start(), settled('a00001')), 'c')).toBeUndefined();
  expect(actionOf(load(start(), task('a00001', { cancelRequestedAt: NOW })), 'c')).toBeUndefined();
});

test('the help of a read-only view names no key that changes a task', () => {
  const known = (readOnly: boolean) => helped(connect(load(start({ readOnly }), task('a00001'))));
  const acting = ['answer', 'cancel', 'detach', 'forget', 'new-call', 'mark'];
  expect(known(false)).toEqual(expect.arrayContaining(acting));
  expect(known(true).filter((action) => acting.includes(action))).toEqual([]);
  expect(known(true)).toContain('filter');
});

test('in a read-only view the keys that change a task do nothing', () => {
  const played = connect(load(start({ readOnly: true }), task('a00001'), asking('ask001', ['go'])));
  expect(['a', 'c', 'n', 'd'].map((key) => actionOf(played, key))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('only the help of the list includes the keys for results', () => {
  const played = load(start(), settled('a00001'));
  expect(resultKeys(played.model).map(({ action }) => action)).toEqual(['page-result', 'save-result']);
  expect(resultKeys(press(played, '<enter>').model)).toEqual([]);
});
