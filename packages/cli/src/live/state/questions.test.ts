import { expect, test } from 'vitest';
import { asking, load, NOW, type Played, press, report, send, settled, start, task } from './play.ts';
import { answerable, repeatable } from './questions.ts';

const one = asking('ask001', ['approval']);
const two = asking('ask002', ['first', 'second'], { createdAt: NOW });

const answer = (id: string, key: string, response: object) => ({
  kind: 'perform',
  act: { kind: 'answer', id, key, digest: `digest of ${key}`, response },
});
const questionOf = ({ model }: Played) => (model.page.kind === 'question' ? model.page.question.key : model.page.kind);

test('a filled form is accepted only after a review', () => {
  const reviewed = press(load(start(), one), 'aAda<enter>');
  expect(reviewed.commands).toEqual([]);
  expect(reviewed.model.page).toMatchObject({ kind: 'question', form: { step: 'review' } });
  const sent = press(reviewed, '<enter>');
  expect(sent.commands).toEqual([answer('ask001', 'approval', { action: 'accept', content: { name: 'Ada' } })]);
  expect(sent.model.page).toEqual({ kind: 'list' });
});

test('decline and cancel are separate choices, and send no content', () => {
  const reviewed = press(load(start(), one), 'aAda<enter>');
  expect(press(reviewed, '<right><enter>').commands).toEqual([answer('ask001', 'approval', { action: 'decline' })]);
  expect(press(reviewed, '<right><right><enter>').commands).toEqual([
    answer('ask001', 'approval', { action: 'cancel' }),
  ]);
});

test('letters typed into an answer are never commands', () => {
  const typed = press(load(start(), one), 'aqcdfn?/');
  expect(typed.commands).toEqual([]);
  expect(typed.model.page).toMatchObject({ kind: 'question', form: { inputs: [{ input: { text: 'qcdfn?/' } }] } });
});

test('Esc leaves the question open, and its form opens again with the typed text', () => {
  const left = press(load(start(), one), 'aAd<esc>');
  expect(left).toMatchObject({ commands: [], model: { page: { kind: 'list' } } });
  expect(press(left, 'aa<enter><enter>').commands).toEqual([
    answer('ask001', 'approval', { action: 'accept', content: { name: 'Ada' } }),
  ]);
});

test('Esc from a form opened on the page of a task goes back to that page', () => {
  expect(press(load(start(), one), '<enter>a<esc>').model.page).toMatchObject({ kind: 'detail', id: 'ask001' });
});

test('a answers the selected task, or the first open question if that task has none', () => {
  const known = load(start(), one, task('open01'));
  expect(questionOf(press(known, 'jja'))).toBe('approval');
});

test('several questions are answered one after the other', () => {
  const first = press(load(start(), two), 'aAda<enter><enter>');
  expect(first.commands).toEqual([answer('ask002', 'first', { action: 'accept', content: { name: 'Ada' } })]);
  expect(first.model.page).toMatchObject({ kind: 'question', question: { key: 'second' } });
  const second = press(first, 'Bob<enter><enter>');
  expect(second.commands).toEqual([answer('ask002', 'second', { action: 'accept', content: { name: 'Bob' } })]);
  expect(second.model.page).toEqual({ kind: 'list' });
});

test('Ctrl-N cycles through the questions and keeps the typed text of each', () => {
  const round = press(load(start(), two), 'aAda<ctrl-n>Bob<ctrl-n>');
  expect(round.model.page).toMatchObject({
    question: { key: 'first' },
    form: { inputs: [{ input: { text: 'Ada' } }] },
  });
});

test('a question whose answer is being sent is not offered again', () => {
  const sent = press(load(start(), one), 'aAda<enter><enter>');
  expect(questionOf(press(sent, 'a'))).toBe('list');
});

test('a refused answer is shown, and its form opens again unchanged', () => {
  const sent = press(load(start(), one), 'aAda<enter><enter>');
  const act = { kind: 'answer', id: 'ask001', key: 'approval', digest: 'digest of approval', response: {} } as const;
  const failed = send(sent, { kind: 'act-failed', act, problem: 'the server is unreachable' });
  expect(failed.model.notice).toMatchObject({ text: 'Not answered: the server is unreachable', tone: 'bad' });
  expect(press(failed, 'a').model.page).toMatchObject({ form: { inputs: [{ input: { text: 'Ada' } }] } });
});

const WITHDRAWALS = [
  ['the task ends', settled('ask001'), 'The task is over (completed). Nothing was sent.'],
  [
    'another process answers',
    { ...one, ledger: { approval: { state: 'answering', digest: 'digest of approval', response: {}, since: NOW } } },
    'It was answered elsewhere. Nothing was sent from here.',
  ],
  [
    'another process answers, and the server has acknowledged it',
    { ...one, ledger: { approval: { state: 'acknowledged', digest: 'digest of approval', at: NOW } } },
    'It was answered elsewhere. Nothing was sent from here.',
  ],
  [
    'the task ends after an answer of another process',
    settled('ask001', { ledger: { approval: { state: 'acknowledged', digest: 'digest of approval', at: NOW } } }),
    'The task is over (completed). Nothing was sent.',
  ],
  [
    'the question is no longer listed',
    { ...one, inputRequests: {} },
    'The task moved on without an answer. Nothing was sent.',
  ],
  ['the task moves on', task('ask001'), 'The task moved on without an answer. Nothing was sent.'],
  [
    'the question changes',
    { ...one, ledger: { approval: { state: 'open', digest: 'another' } } },
    'The server now asks something else. Nothing was sent.',
  ],
] as const;

test.each(WITHDRAWALS)('when %s, the form closes with the reason, and typing is ignored', (_why, record, text) => {
  const gone = load(press(load(start(), one), 'aA'), record);
  expect(gone.model.page).toEqual({ kind: 'withdrawn', text, back: { kind: 'list' } });
  const typed = press(gone, 'qcn ');
  expect(typed).toMatchObject({ commands: [], model: { page: { kind: 'withdrawn' } } });
  expect(press(typed, '<enter>').model.page).toEqual({ kind: 'list' });
});

test('a form closes when its record is deleted by another process', () => {
  const gone = report(press(load(start(), one), '<enter>a'), { kind: 'records', records: [], removed: ['ask001'] });
  expect(gone.model.page).toMatchObject({ kind: 'withdrawn', back: { kind: 'list' } });
});

test('an open form stays unchanged while time passes and records change', () => {
  const typing = press(load(start(), one, task('open01')), 'aAd');
  const later = load(typing, settled('open01'), { ...one, statusMessage: 'still waiting' });
  expect(later.model.page).toEqual(typing.model.page);
  expect(later.model.records.get('open01')?.phase).toBe('settled');
});

const page = {
  method: 'elicitation/create',
  params: { mode: 'url', message: 'Sign in.', url: 'https://id.example/in' },
};
const url = asking('url001', [], {
  inputRequests: { page },
  ledger: { page: { state: 'open', digest: 'digest of page' } },
});

test('a URL opens only on a key press, and opening it sends no answer', () => {
  const asked = press(load(start(), url), 'a');
  expect(asked.commands).toEqual([]);
  const opened = press(asked, 'o');
  expect(opened.commands).toEqual([{ kind: 'perform', act: { kind: 'open-url', url: 'https://id.example/in' } }]);
  expect(opened.model.page).toMatchObject({ kind: 'question', form: { submission: null, marked: -1 } });
});

test('accepting a page sends no content, and Enter alone chooses nothing', () => {
  const asked = press(load(start(), url), 'a<enter>');
  expect(asked.commands).toEqual([]);
  expect(press(asked, '<right><enter>').commands).toEqual([answer('url001', 'page', { action: 'accept' })]);
});

test('questions that no person can answer are skipped, the others stay answerable', () => {
  const mixed = asking('mix001', ['approval'], {
    inputRequests: { model: { method: 'sampling/createMessage', params: {} }, ...one.inputRequests },
    ledger: { model: { state: 'open', digest: 'm' }, ...one.ledger },
  });
  expect(questionOf(press(load(start(), mixed), 'a'))).toBe('approval');
  const { approval: _approval, ...only } = mixed.inputRequests;
  expect(questionOf(press(load(start(), { ...mixed, inputRequests: only }), 'a'))).toBe('list');
});

test('Ctrl-N cycles through all open questions', () => {
  const three = load(start(), asking('ask001', ['a', 'b']), asking('ask002', ['c']), asking('ask003', ['d']));
  const asked = (played: Played) =>
    played.model.page.kind === 'question' ? played.model.page.question.key : undefined;
  let now = press(three, 'a');
  const seen = [asked(now)];
  for (let step = 0; step < 4; step++) {
    now = press(now, '<ctrl-n>');
    seen.push(asked(now));
  }
  expect(seen).toEqual([seen[0], seen[1], seen[2], seen[3], seen[0]]);
  expect(new Set(seen)).toEqual(new Set(['a', 'b', 'c', 'd']));
});

const lingering = (at: number) =>
  asking('ask001', ['a'], { ledger: { a: { state: 'acknowledged', digest: 'digest of a', at } } });

test.each([
  ['a question still listed a minute after its answer was acknowledged', lingering(NOW - 61_000)],
  [
    'a question that changed after its answer was sent',
    asking('ask001', ['a'], { ledger: { a: { state: 'refused', digest: 'digest of a', reason: 'it has changed' } } }),
  ],
])('%s is answered again only from the page of its task', (_what, record) => {
  const list = load(start(), record);
  expect(press(list, 'a').model.page.kind).toBe('list');
  const form = press(press(list, '<enter>'), 'a');
  expect(form.model.page).toMatchObject({ kind: 'question', question: { key: 'a' } });
  expect(press(form, 'Ada<enter><enter>').commands).toEqual([
    {
      kind: 'perform',
      act: {
        kind: 'answer',
        id: 'ask001',
        key: 'a',
        digest: 'digest of a',
        response: { action: 'accept', content: { name: 'Ada' } },
        again: true,
      },
    },
  ]);
});

test('a question is not offered again right after its answer was acknowledged', () => {
  const detail = press(load(start(), lingering(NOW - 1_000)), '<enter>');
  expect(press(detail, 'a').model.page.kind).toBe('detail');
});

test('questions of a detached task are not offered again', () => {
  const detached = press(load(start(), lingering(NOW - 61_000)), '<enter>d');
  expect(press(detached, 'a').model.page.kind).toBe('detail');
});

test.each([
  ['<ctrl-a>x', 'xAda Bo'],
  ['<home>x', 'xAda Bo'],
  ['<ctrl-a><ctrl-e>x', 'Ada Box'],
  ['<home><ctrl-d>', 'da Bo'],
  ['<ctrl-w>', 'Ada '],
  ['<ctrl-u>', ''],
  ['<left><left><ctrl-k>', 'Ada '],
])('text fields are edited as in a shell: %s', (keys, text) => {
  const typed = press(press(load(start(), one), 'aAda Bo'), keys);
  expect(typed.model.page).toMatchObject({ form: { inputs: [{ input: { text } }] } });
});

test('Enter is ignored for 400 ms after a form or one of its steps opens', () => {
  const at = NOW + 10_000;
  const enter = (played: Played, afterMs: number) =>
    send(played, { kind: 'key-pressed', key: { name: 'enter' }, at: at + afterMs });
  const opened = press(load(start(), one), 'aAda');
  const reviewed = enter(opened, 0);
  expect(reviewed.model.page).toMatchObject({ form: { step: 'review' } });
  expect(enter(reviewed, 399)).toMatchObject({ commands: [], model: { page: { form: { step: 'review' } } } });
  expect(enter(reviewed, 400).commands).toEqual([
    answer('ask001', 'approval', { action: 'accept', content: { name: 'Ada' } }),
  ]);
});

test('a paste with line breaks submits nothing on any step of a form', () => {
  const pasted = { name: 'text', text: 'Ada\n\nyes\n' } as const;
  const paste = (played: Played) => send(played, { kind: 'key-pressed', key: pasted, at: NOW + 60_000 });
  const form = paste(press(load(start(), one), 'a'));
  expect(form).toMatchObject({ commands: [], model: { page: { kind: 'question' } } });
  const review = paste(press(load(start(), one), 'aAda<enter>'));
  expect(review).toMatchObject({ commands: [], model: { page: { form: { step: 'review' } } } });
});

test('questions open in list order, and a new question does not change the next one', () => {
  const [first, second, third] = ['ask00a', 'ask00b', 'ask00c'].map((id, at) =>
    asking(id, ['approval'], { createdAt: NOW - at * 1_000 }),
  ) as [ReturnType<typeof asking>, ReturnType<typeof asking>, ReturnType<typeof asking>];
  const opened = press(load(start(), third, first), 'a');
  expect(opened.model.page).toMatchObject({ question: { id: 'ask00a' } });
  const next = press(load(opened, second), 'Ada<enter><enter>');
  expect(next.model.page).toMatchObject({ question: { id: 'ask00b' } });
});

test('a detached task and a read-only view offer no question, open or repeatable', () => {
  const stuck = asking('stuck1', ['go'], { ledger: { go: { state: 'acknowledged', digest: 'd', at: NOW - 60_001 } } });
  const offered = ({ model }: Played) =>
    [one, stuck].map((each) => [answerable(model, each).length, repeatable(model, each).length]);
  const known = load(start(), one, stuck);
  expect(offered(known)).toEqual([
    [1, 0],
    [0, 1],
  ]);
  const none = [
    [0, 0],
    [0, 0],
  ];
  const detached = new Set([one.id, stuck.id]);
  expect(offered({ ...known, model: { ...known.model, detached } })).toEqual(none);
  expect(offered(load(start({ readOnly: true }), one, stuck))).toEqual(none);
});
