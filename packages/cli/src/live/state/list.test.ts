import { expect, test } from 'vitest';
import { asking, connect, load, NOW, press, report, send, settled, start, task } from './play.ts';
import { selectedRecord } from './selection.ts';

const open = task('open01');
const older = task('old001', { createdAt: NOW - 900_000 });
const done = settled('done01');
const asks = asking('ask001', ['approval']);

const chosen = (played: ReturnType<typeof start>) => selectedRecord(played.model)?.id;

test('tasks with open questions come first, then open tasks, then settled ones, each newest first', () => {
  expect(load(start(), done, older, asks, open).model.order).toEqual(['ask001', 'open01', 'old001', 'done01']);
});

test('tasks unknown to their server, or ended without a fetched result, are listed with settled ones', () => {
  const expired = settled('exp001', { status: 'input_required', outcome: { status: 'expired' } });
  const unfetched = task('unf001', { status: 'completed' });
  expect(load(start(), expired, unfetched, older).model.order).toEqual(['old001', 'exp001', 'unf001']);
});

test.each([
  ['j', 'old001'],
  ['<down>', 'old001'],
  ['jj', 'done01'],
  ['jjj', 'done01'],
  ['jk', 'open01'],
  ['j<up>', 'open01'],
  ['G', 'done01'],
  ['<end>', 'done01'],
  ['Gg', 'open01'],
  ['<end><home>', 'open01'],
  ['<pgdn>', 'done01'],
  ['<pgdn><pgup>', 'open01'],
])('%s moves to %s', (keys, id) => {
  expect(chosen(press(load(start(), open, older, done), keys))).toBe(id);
});

test('the selected task stays selected when others are listed before it', () => {
  const played = press(load(start(), open, older), 'j');
  expect(chosen(load(played, asks, task('new001', { createdAt: NOW })))).toBe('old001');
});

test('the first task is selected at the start, and stays selected when another is listed before it', () => {
  expect(chosen(load(load(start(), open), asks))).toBe('open01');
});

test('a key acts on the selected task, even if the rows have moved', () => {
  const seen = load(start(), open, older);
  const moved = load(seen, { ...older, ...asking('old001', ['approval']) });
  expect(moved.model.order).toEqual(['old001', 'open01']);
  expect(press(moved, 'd').commands).toEqual([{ kind: 'detach', id: 'open01' }]);
});

test('when the selected task is removed, the one in its place is selected', () => {
  const played = press(load(start(), open, older, done), 'j');
  expect(chosen(report(played, { kind: 'records', records: [], removed: ['old001'] }))).toBe('done01');
});

test('Enter opens the selected task and Esc goes back to it', () => {
  const opened = press(load(start(), open, older), 'j<enter>');
  expect(opened.model.page).toEqual({ kind: 'detail', id: 'old001', scroll: 0 });
  const back = press(opened, '<esc>');
  expect(back.model.page).toEqual({ kind: 'list' });
  expect(chosen(back)).toBe('old001');
});

test('Esc from the first task goes back to it, even if another is listed before it by then', () => {
  const opened = press(load(start(), open), '<enter>');
  expect(chosen(press(load(opened, asks), '<esc>'))).toBe('open01');
});

test('on the page of a task, left and right open the neighbouring tasks', () => {
  const opened = press(load(start(), open, older), '<enter><right>');
  expect(opened.model.page).toMatchObject({ id: 'old001' });
  expect(press(opened, '<right>').model.page).toMatchObject({ id: 'old001' });
  expect(press(opened, '<left>').model.page).toMatchObject({ id: 'open01' });
});

test('the scroll position of a task’s page is limited to its end', () => {
  const scrolled = press(load(start(), open), '<enter>G');
  const drawn = send(scrolled, { kind: 'scroll-limited', to: 7 });
  expect(press(drawn, 'k').model.page).toMatchObject({ scroll: 6 });
});

test('the page of a task closes with a notice when its record is deleted by another process', () => {
  const opened = press(load(start(), open, older), '<enter>');
  const gone = report(opened, { kind: 'records', records: [], removed: ['open01'] });
  expect(gone.model.page).toEqual({ kind: 'list' });
  expect(gone.model.notice?.text).toBe('open01 is no longer on record.');
});

test('a filter applies every word as it is typed, and Esc clears it', () => {
  const known = load(start(), open, older, settled('done02', { tool: 'report' }));
  const typed = press(known, '/rep');
  expect(typed.model.order).toEqual(['done02']);
  expect(press(typed, 'ort done').model.order).toEqual(['done02']);
  expect(press(typed, 'x').model.order).toEqual([]);
  expect(press(typed, '<esc>').model).toMatchObject({ filtering: false, order: known.model.order });
});

test('a filter finds the arguments that a row shows', () => {
  const api = task('api001', { arguments: { service: 'api' } });
  const known = load(start(), api, task('web001', { arguments: { service: 'web' } }));
  expect(press(known, '/service=api').model.order).toEqual(['api001']);
});

test('after Enter the filter also applies to later records, and keys are commands again', () => {
  const kept = press(load(start(), open), '/release<enter>');
  const more = load(kept, task('rel001', { tool: 'release' }));
  expect(more.model.order).toEqual(['rel001']);
  expect(press(more, 'c').model.overlay).toEqual({ kind: 'confirm', act: 'cancel', id: 'rel001' });
  expect(press(more, '<esc>').model.order).toHaveLength(2);
});

test('letters typed into a filter are never commands', () => {
  const typed = press(load(start(), open), '/qcdfn?');
  expect(typed.commands).toEqual([]);
  expect(typed.model.filter.text).toBe('qcdfn?');
});

test.each([
  ['q', 'quit'],
  ['<ctrl-c>', 'interrupted'],
] as const)('%s exits and does nothing else', (key, reason) => {
  expect(press(load(start(), asks), key).commands).toEqual([{ kind: 'end', reason }]);
});

test('Ctrl-C exits from every page', () => {
  for (const way of ['<enter>', 'a', '?', '/', 'c', 'n']) {
    const there = press(connect(load(start(), asks)), `${way}`);
    expect(press(there, '<ctrl-c>').commands, way).toEqual([{ kind: 'end', reason: 'interrupted' }]);
  }
});

test('the help opens over the page and closes again', () => {
  const helped = press(load(start(), open), '?');
  expect(helped.model.overlay).toEqual({ kind: 'help', scroll: 0 });
  expect(press(helped, 'j').model.overlay).toEqual({ kind: 'help', scroll: 1 });
  expect(send(press(helped, 'jjj'), { kind: 'scroll-limited', to: 1 }).model.overlay).toEqual({
    kind: 'help',
    scroll: 1,
  });
  expect(press(helped, '<esc>').model.overlay).toBeNull();
});
