import { expect, test } from 'vitest';
import { asking, connect, know, NOW, press, send, settled, start, task, tell } from './play.ts';
import { selectedRecord } from './selection.ts';

const open = task('open01');
const older = task('old001', { createdAt: NOW - 900_000 });
const done = settled('done01');
const asks = asking('ask001', ['approval']);

const chosen = (played: ReturnType<typeof start>) => selectedRecord(played.model)?.id;

test('what asks stands first, then what is open, then what is settled, the newest of each first', () => {
  expect(know(start(), done, older, asks, open).model.order).toEqual(['ask001', 'open01', 'old001', 'done01']);
});

test('what its server knows no longer, or what is over without its result, stands with what is settled', () => {
  const expired = settled('exp001', { status: 'input_required', outcome: { status: 'expired' } });
  const unfetched = task('unf001', { status: 'completed' });
  expect(know(start(), expired, unfetched, older).model.order).toEqual(['old001', 'exp001', 'unf001']);
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
  expect(chosen(press(know(start(), open, older, done), keys))).toBe(id);
});

test('the chosen task stays chosen when others come before it', () => {
  const played = press(know(start(), open, older), 'j');
  expect(chosen(know(played, asks, task('new001', { createdAt: NOW })))).toBe('old001');
});

test('the first task is chosen from the beginning, and stays it when another comes before it', () => {
  expect(chosen(know(know(start(), open), asks))).toBe('open01');
});

test('a key acts on the task that the cursor was on, however the rows have moved since', () => {
  const seen = know(start(), open, older);
  const moved = know(seen, { ...older, ...asking('old001', ['approval']) });
  expect(moved.model.order).toEqual(['old001', 'open01']);
  expect(press(moved, 'd').commands).toEqual([{ kind: 'detach', id: 'open01' }]);
});

test('where the chosen task is gone, the one in its place is chosen', () => {
  const played = press(know(start(), open, older, done), 'j');
  expect(chosen(tell(played, { kind: 'records', records: [], removed: ['old001'] }))).toBe('done01');
});

test('Enter opens the chosen task and Esc goes back to it', () => {
  const opened = press(know(start(), open, older), 'j<enter>');
  expect(opened.model.page).toEqual({ kind: 'detail', id: 'old001', scroll: 0 });
  const back = press(opened, '<esc>');
  expect(back.model.page).toEqual({ kind: 'list' });
  expect(chosen(back)).toBe('old001');
});

test('who looked into the first task comes back to it, whatever has come before it meanwhile', () => {
  const opened = press(know(start(), open), '<enter>');
  expect(chosen(press(know(opened, asks), '<esc>'))).toBe('open01');
});

test('in a task, left and right go to its neighbours', () => {
  const opened = press(know(start(), open, older), '<enter><right>');
  expect(opened.model.page).toMatchObject({ id: 'old001' });
  expect(press(opened, '<right>').model.page).toMatchObject({ id: 'old001' });
  expect(press(opened, '<left>').model.page).toMatchObject({ id: 'open01' });
});

test('a detail cannot be scrolled past its end for long', () => {
  const scrolled = press(know(start(), open), '<enter>G');
  const drawn = send(scrolled, { kind: 'scroll-limited', to: 7 });
  expect(press(drawn, 'k').model.page).toMatchObject({ scroll: 6 });
});

test('an open detail of a record that is deleted elsewhere closes and says so', () => {
  const opened = press(know(start(), open, older), '<enter>');
  const gone = tell(opened, { kind: 'records', records: [], removed: ['open01'] });
  expect(gone.model.page).toEqual({ kind: 'list' });
  expect(gone.model.notice?.text).toBe('open01 is no longer on record.');
});

test('a filter narrows as it is typed, by every word, and Esc takes it back', () => {
  const known = know(start(), open, older, settled('done02', { tool: 'report' }));
  const typed = press(known, '/rep');
  expect(typed.model.order).toEqual(['done02']);
  expect(press(typed, 'ort done').model.order).toEqual(['done02']);
  expect(press(typed, 'x').model.order).toEqual([]);
  expect(press(typed, '<esc>').model).toMatchObject({ filtering: false, order: known.model.order });
});

test('a kept filter lets the keys act again, also on what comes later', () => {
  const kept = press(know(start(), open), '/release<enter>');
  const more = know(kept, task('rel001', { tool: 'release' }));
  expect(more.model.order).toEqual(['rel001']);
  expect(press(more, 'c').model.overlay).toEqual({ kind: 'confirm', act: 'cancel', id: 'rel001' });
  expect(press(more, '<esc>').model.order).toHaveLength(2);
});

test('letters of a filter are never commands', () => {
  const typed = press(know(start(), open), '/qcdfn?');
  expect(typed.commands).toEqual([]);
  expect(typed.model.filter.text).toBe('qcdfn?');
});

test.each([
  ['q', 'quit'],
  ['<ctrl-c>', 'interrupted'],
] as const)('%s leaves with nothing else done', (key, reason) => {
  expect(press(know(start(), asks), key).commands).toEqual([{ kind: 'end', reason }]);
});

test('Ctrl-C leaves from anywhere', () => {
  for (const way of ['<enter>', 'a', '?', '/', 'c', 'n']) {
    const there = press(connect(know(start(), asks)), `${way}`);
    expect(press(there, '<ctrl-c>').commands, way).toEqual([{ kind: 'end', reason: 'interrupted' }]);
  }
});

test('the help opens over the page and closes again', () => {
  const helped = press(know(start(), open), '?');
  expect(helped.model.overlay).toEqual({ kind: 'help', scroll: 0 });
  expect(press(helped, 'j').model.overlay).toEqual({ kind: 'help', scroll: 1 });
  expect(send(press(helped, 'jjj'), { kind: 'scroll-limited', to: 1 }).model.overlay).toEqual({
    kind: 'help',
    scroll: 1,
  });
  expect(press(helped, '<esc>').model.overlay).toBeNull();
});
