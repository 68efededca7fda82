import { expect, test } from 'vitest';
import { asking, connect, load, NOW, type Played, press, report, send, settled, start, task } from './play.ts';

const open = task('open01');
const done = settled('open01');
const pass = (played: Played, ms: number) => send(played, { kind: 'time-passed', at: played.model.now + ms });

test('the view exits by itself three seconds after the last task has settled', () => {
  const over = load(load(start(), open), done);
  expect(over.model.leavesAt).toBe(NOW + 3_000);
  expect(pass(over, 2_999).commands).toEqual([]);
  expect(pass(over, 3_000).commands).toEqual([{ kind: 'end', reason: 'settled' }]);
});

test('any key during the countdown keeps the view open for good, and does nothing else', () => {
  const kept = press(load(load(start(), open), done), 'f');
  expect(kept).toMatchObject({ commands: [], model: { leavesAt: null, overlay: null } });
  const again = load(load(kept, task('open02')), settled('open02'));
  expect(again.model.leavesAt).toBeNull();
});

test('q during the countdown exits at once', () => {
  expect(press(load(load(start(), open), done), 'q').commands).toEqual([{ kind: 'end', reason: 'quit' }]);
});

test('a new task ends the countdown', () => {
  expect(load(load(load(start(), open), done), task('open02')).model.leavesAt).toBeNull();
});

const STAYS: readonly (readonly [string, Played])[] = [
  ['the list was empty', load(start())],
  ['everything was settled from the start', load(start(), done)],
  ['keepOpen is set', load(load(start({ keepOpen: true }), open), done)],
  ['one task is still open', load(load(start(), open, task('open02')), done)],
  ['a question is open', load(load(start(), open, asking('ask001', ['a'])), done)],
  ['a task is open on the screen', load(press(load(start(), open), '<enter>'), done)],
  ['the help is open', load(press(load(start(), open), '?'), done)],
  ['a filter is being typed', load(press(load(start(), open), '/'), done)],
  [
    'the last open task was forgotten',
    report(load(start(), open), { kind: 'records', records: [], removed: ['open01'] }),
  ],
  ['the last open task was detached', press(load(start(), open, settled('done02')), 'd')],
];

test.each(STAYS)('the view stays open when %s', (_why, played) => {
  expect(played.model.leavesAt).toBeNull();
});

test('the view stays open after a call started in it ends', () => {
  const tools = [{ name: 'ping', inputSchema: { type: 'object' }, taskSupport: 'optional' }] as const;
  const offered = send(press(connect(load(start())), 'n'), { kind: 'tools-loaded', fingerprint: 'demo', tools });
  const called = press(offered, '<enter><enter>');
  expect(load(load(called, open), done).model.leavesAt).toBeNull();
});

test('a lost call does not keep the view open', () => {
  const lost = task('lost01', {
    phase: 'intent',
    status: 'unknown',
    trouble: 'the line broke',
    contact: { kind: 'lost', since: 1 },
  });
  expect(load(load(start(), open, lost), done).model.leavesAt).toBe(NOW + 3_000);
});

test('a new question and a newly settled task raise an alert, earlier ones do not', () => {
  const asks = asking('ask001', ['approval']);
  expect(load(start(), asks, done).commands).toEqual([]);
  const seen = load(start(), open, task('ask001'));
  expect(load(seen, asks, done).commands).toEqual([
    { kind: 'alert', alert: { kind: 'question', key: 'approval', request: asks.inputRequests.approval, record: asks } },
    { kind: 'alert', alert: { kind: 'settled', outcome: done.outcome, record: done } },
  ]);
  expect(load(load(seen, asks), { ...asks, statusMessage: 'still' }).commands).toEqual([]);
});

test('each new question raises an alert with its own key, and an unanswerable one raises none', () => {
  const sampling = { method: 'sampling/createMessage', params: {} };
  const asks = asking('ask001', ['approval', 'strategy']);
  const record = {
    ...asks,
    inputRequests: { ...asks.inputRequests, model: sampling },
    ledger: { ...asks.ledger, model: { state: 'open' as const, digest: 'digest of model' } },
  };
  const { commands } = load(load(start(), task('ask001')), record);
  const keys = commands.map((each) =>
    each.kind === 'alert' && each.alert.kind === 'question' ? each.alert.key : each,
  );
  expect(keys).toEqual(['approval', 'strategy']);
});

test('a task that settled between two reads raises an alert, one that settled before the view opened does not', () => {
  const watched = load(start(), open);
  const quick = settled('quick3', { createdAt: NOW });
  expect(load(watched, quick).commands).toEqual([
    { kind: 'alert', alert: { kind: 'settled', outcome: quick.outcome, record: quick } },
  ]);
  expect(load(watched, settled('older4', { createdAt: NOW - 1 })).commands).toEqual([]);
});

test('a detached task raises no alert', () => {
  expect(load(press(load(start(), open), 'd'), done).commands).toEqual([]);
});

test('a notice disappears after 8 s', () => {
  const noticed = report(load(start(), open), { kind: 'notice', text: 'Reconnected' });
  expect(pass(noticed, 7_999).model.notice?.text).toBe('Reconnected');
  expect(pass(noticed, 8_000).model.notice).toBeNull();
});

test('a detached task with an open question keeps the view open', () => {
  const left = press(load(start(), open, asking('ask001', ['approval'])), '<down>d');
  const asks = { ...left, model: { ...left.model, staysOpen: false, detached: new Set(['ask001']) } };
  expect(load(asks, done).model.leavesAt).toBeNull();
});

test('a key press keeps the view open, except with exitWhenDone', () => {
  expect(load(press(load(start(), open), 'j'), done).model.leavesAt).toBeNull();
  const pressed = press(load(start({ exitWhenDone: true }), open), 'j');
  expect(load(pressed, done).model.leavesAt).toBe(NOW + 3_000);
});
