import type { TaskRecord } from '@mcp-tasks/client';
import { expect, test } from 'vitest';
import { bindingsFor } from '../keys/keymap.ts';
import { asking, connect, load, NOW, press, report, send, settled, start, task } from './play.ts';

const open = task('open01');
const done = settled('done01');

test('cancelling asks for confirmation, and n or Esc leaves the task unchanged', () => {
  const asked = press(load(start(), open), 'c');
  expect(asked.model.overlay).toEqual({ kind: 'confirm', act: 'cancel', id: 'open01' });
  expect(asked.commands).toEqual([]);
  for (const key of ['n', '<esc>']) expect(press(asked, key)).toMatchObject({ commands: [], model: { overlay: null } });
});

test('Enter confirms nothing', () => {
  expect(press(load(start(), open), 'c<enter>')).toMatchObject({ commands: [], model: { overlay: { act: 'cancel' } } });
});

test('y cancels the task in the confirmation, even if the rows have moved', () => {
  const asked = press(load(start(), open), 'c');
  const moved = load(asked, asking('ask001', ['approval']));
  expect(press(moved, 'y').commands).toEqual([{ kind: 'perform', act: { kind: 'cancel', id: 'open01' } }]);
});

test('a cancellation is requested once', () => {
  const sent = press(load(start(), open), 'cy');
  expect(press(sent, 'c').model.overlay).toBeNull();
  const requested = load(sent, { ...open, cancelRequestedAt: NOW });
  expect(press(requested, 'c').model.overlay).toBeNull();
});

test('a refused cancellation is shown, and can be retried', () => {
  const sent = press(load(start(), open), 'cy');
  const failed = send(sent, { kind: 'act-failed', act: { kind: 'cancel', id: 'open01' }, problem: 'no line' });
  expect(failed.model.notice).toMatchObject({ text: 'Not cancelled: no line', tone: 'bad' });
  expect(press(failed, 'c').model.overlay).toMatchObject({ act: 'cancel' });
});

test('forgetting asks for confirmation, even for settled tasks', () => {
  const asked = press(load(start(), done), 'f');
  expect(asked.model.overlay).toEqual({ kind: 'confirm', act: 'forget', id: 'done01' });
  expect(press(asked, 'y').commands).toEqual([{ kind: 'perform', act: { kind: 'forget', id: 'done01' } }]);
});

test('detaching asks for no confirmation, and the same key follows the task again', () => {
  const left = press(load(start(), open), 'd');
  expect(left.commands).toEqual([{ kind: 'detach', id: 'open01' }]);
  expect(left.model.detached).toEqual(new Set(['open01']));
  const back = press(left, 'd');
  expect(back.commands).toEqual([{ kind: 'follow', id: 'open01' }]);
  expect(back.model.detached).toEqual(new Set());
});

const listed = (played: ReturnType<typeof start>, ...records: readonly TaskRecord[]) =>
  report(played, { kind: 'others', fingerprint: 'demo', records });
const theirs = task('theirs', { tool: '(unknown)' });

test('a task of another caller is read-only until it is adopted or cancelled', () => {
  const seen = listed(load(start(), open), theirs);
  expect(seen.model).toMatchObject({ order: ['open01', 'theirs'], others: new Set(['theirs']) });
  expect(press(seen, 'jd').commands).toEqual([]);
  expect(press(seen, 'jf')).toMatchObject({ commands: [], model: { overlay: null } });
  expect(press(seen, 'jt').commands).toEqual([{ kind: 'perform', act: { kind: 'adopt', id: 'theirs' } }]);
  expect(press(seen, 'jcy').commands).toEqual([{ kind: 'perform', act: { kind: 'cancel', id: 'theirs' } }]);
  expect(press(seen, 't').commands).toEqual([]);
});

test('an adopted task behaves like a task called here, even while the server still lists it', () => {
  const adopted = listed(load(listed(start(), theirs), { ...theirs, statusMessage: 'Step 2' }), theirs);
  expect(adopted.model.others).toEqual(new Set());
  expect(adopted.model.records.get('theirs')?.statusMessage).toBe('Step 2');
});

test('a task that the server no longer lists is removed, and tasks of other callers do not keep the view open', () => {
  expect(listed(listed(start(), theirs)).model).toMatchObject({ order: [], others: new Set() });
  const over = load(load(listed(start(), theirs), open), settled('open01'));
  expect(over.model.leavesAt).not.toBeNull();
});

const KEYS_NOW = [
  ['an open task', load(start(), open), ['Enter', 'c', 'd', 'f', '/', '?', 'q']],
  ['a settled task', load(start(), done), ['Enter', 'f', '/', '?', 'q']],
  ['a question', load(start(), asking('ask001', ['a'])), ['a', 'Enter', 'c', 'd', 'f', '/', '?', 'q']],
  ['an empty list', load(start()), ['?', 'q']],
  ['a connected server', connect(load(start())), ['n', '?', 'q']],
  ['a task of another caller', listed(start(), theirs), ['Enter', 'c', 't', '/', '?', 'q']],
  ['a read-only view', connect(load(start({ readOnly: true }), asking('ask001', ['a']))), ['Enter', '/', '?', 'q']],
  [
    'a task already being cancelled',
    load(start(), { ...open, cancelRequestedAt: NOW }),
    ['Enter', 'd', 'f', '/', '?', 'q'],
  ],
] as const;

test.each(KEYS_NOW)('with %s, the footer offers only keys that act', (_what, played, shown) => {
  const offered = bindingsFor(played.model).filter((binding) => binding.quiet !== true);
  expect(offered.map((binding) => binding.shown)).toEqual(shown);
});

test.each([['a'], ['c'], ['f'], ['d'], ['n'], ['R']])('in a read-only view, %s does nothing', (keys) => {
  const played = connect(load(start({ readOnly: true }), asking('ask001', ['approval'])));
  expect(press(played, keys)).toMatchObject({ commands: [], model: { page: { kind: 'list' }, overlay: null } });
});
