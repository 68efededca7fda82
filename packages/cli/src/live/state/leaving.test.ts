import { expect, test } from 'vitest';
import { asking, connect, know, NOW, type Played, press, report, send, settled, start, task } from './play.ts';

const open = task('open01');
const done = settled('open01');
const pass = (played: Played, ms: number) => send(played, { kind: 'time-passed', at: played.model.now + ms });

test('the view exits by itself three seconds after the last task has settled', () => {
  const over = know(know(start(), open), done);
  expect(over.model.leavesAt).toBe(NOW + 3_000);
  expect(pass(over, 2_999).commands).toEqual([]);
  expect(pass(over, 3_000).commands).toEqual([{ kind: 'end', reason: 'settled' }]);
});

test('any key during the countdown keeps the view open for good, and does nothing else', () => {
  const kept = press(know(know(start(), open), done), 'f');
  expect(kept).toMatchObject({ commands: [], model: { leavesAt: null, overlay: null } });
  const again = know(know(kept, task('open02')), settled('open02'));
  expect(again.model.leavesAt).toBeNull();
});

test('q during the countdown exits at once', () => {
  expect(press(know(know(start(), open), done), 'q').commands).toEqual([{ kind: 'end', reason: 'quit' }]);
});

test('a new task ends the countdown', () => {
  expect(know(know(know(start(), open), done), task('open02')).model.leavesAt).toBeNull();
});

const STAYS: readonly (readonly [string, Played])[] = [
  ['the list was empty', know(start())],
  ['everything was settled from the start', know(start(), done)],
  ['keepOpen is set', know(know(start({ keepOpen: true }), open), done)],
  ['one task is still open', know(know(start(), open, task('open02')), done)],
  ['a question is open', know(know(start(), open, asking('ask001', ['a'])), done)],
  ['a task is open on the screen', know(press(know(start(), open), '<enter>'), done)],
  ['the help is open', know(press(know(start(), open), '?'), done)],
  ['a filter is being typed', know(press(know(start(), open), '/'), done)],
  [
    'the last open task was forgotten',
    report(know(start(), open), { kind: 'records', records: [], removed: ['open01'] }),
  ],
  ['the last open task was detached', press(know(start(), open, settled('done02')), 'd')],
];

test.each(STAYS)('the view stays open when %s', (_why, played) => {
  expect(played.model.leavesAt).toBeNull();
});

test('the view stays open after a call started in it ends', () => {
  const tools = [{ name: 'ping', inputSchema: { type: 'object' }, taskSupport: 'optional' }] as const;
  const offered = send(press(connect(know(start())), 'n'), { kind: 'tools-loaded', fingerprint: 'demo', tools });
  const called = press(offered, '<enter><enter>');
  expect(know(know(called, open), done).model.leavesAt).toBeNull();
});

test('a lost call does not keep the view open', () => {
  const lost = task('lost01', {
    phase: 'intent',
    status: 'unknown',
    trouble: 'the line broke',
    contact: { kind: 'lost', since: 1 },
  });
  expect(know(know(start(), open, lost), done).model.leavesAt).toBe(NOW + 3_000);
});

test('a new question and a newly settled task raise an alert, earlier ones do not', () => {
  const asks = asking('ask001', ['approval']);
  expect(know(start(), asks, done).commands).toEqual([]);
  const seen = know(start(), open, task('ask001'));
  expect(know(seen, asks, done).commands).toEqual([
    { kind: 'alert', alert: { kind: 'question', key: 'approval', request: asks.inputRequests.approval, record: asks } },
    { kind: 'alert', alert: { kind: 'settled', outcome: done.outcome, record: done } },
  ]);
  expect(know(know(seen, asks), { ...asks, statusMessage: 'still' }).commands).toEqual([]);
});

test('each new question raises an alert with its own key, and an unanswerable one raises none', () => {
  const sampling = { method: 'sampling/createMessage', params: {} };
  const asks = asking('ask001', ['approval', 'strategy']);
  const record = {
    ...asks,
    inputRequests: { ...asks.inputRequests, model: sampling },
    ledger: { ...asks.ledger, model: { state: 'open' as const, digest: 'digest of model' } },
  };
  const { commands } = know(know(start(), task('ask001')), record);
  const keys = commands.map((each) =>
    each.kind === 'alert' && each.alert.kind === 'question' ? each.alert.key : each,
  );
  expect(keys).toEqual(['approval', 'strategy']);
});

test('a task that settled between two reads raises an alert, one that settled before the view opened does not', () => {
  const watched = know(start(), open);
  const quick = settled('quick3', { createdAt: NOW });
  expect(know(watched, quick).commands).toEqual([
    { kind: 'alert', alert: { kind: 'settled', outcome: quick.outcome, record: quick } },
  ]);
  expect(know(watched, settled('older4', { createdAt: NOW - 1 })).commands).toEqual([]);
});

test('a detached task raises no alert', () => {
  expect(know(press(know(start(), open), 'd'), done).commands).toEqual([]);
});

test('a notice disappears after 8 s', () => {
  const noticed = report(know(start(), open), { kind: 'notice', text: 'Reconnected' });
  expect(pass(noticed, 7_999).model.notice?.text).toBe('Reconnected');
  expect(pass(noticed, 8_000).model.notice).toBeNull();
});

test('a detached task with an open question keeps the view open', () => {
  const left = press(know(start(), open, asking('ask001', ['approval'])), '<down>d');
  const asks = { ...left, model: { ...left.model, staysOpen: false, detached: new Set(['ask001']) } };
  expect(know(asks, done).model.leavesAt).toBeNull();
});

test('a key press keeps the view open, except with exitWhenDone', () => {
  expect(know(press(know(start(), open), 'j'), done).model.leavesAt).toBeNull();
  const pressed = press(know(start({ exitWhenDone: true }), open), 'j');
  expect(know(pressed, done).model.leavesAt).toBe(NOW + 3_000);
});
