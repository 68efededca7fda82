import { expect, test } from 'vitest';
import { viewFrame } from '../view/frame.ts';
import { plain } from '../view/theme.ts';
import type { Model } from './model.ts';
import { asking, connect, load, press, report, send, settled, start, task } from './play.ts';

const open = task('open01');
const done = settled('done01');

test('s hides and shows settled tasks; tasks with an open question are never hidden', () => {
  const known = load(start(), open, done, asking('ask001', ['a']));
  const hidden = press(known, 's');
  expect(hidden.model.order).toEqual(['ask001', 'open01']);
  expect(load(hidden, settled('open01')).model.order).toEqual(['ask001']);
  expect(press(hidden, 's').model.order).toEqual(known.model.order);
});

test('a list with every task hidden names the key that shows them', () => {
  const { model } = press(load(start(), done), 's');
  expect(
    viewFrame(model)
      .lines.map((row) => plain(row))
      .join('\n'),
  ).toContain('s shows the settled ones');
});

test('y copies the id in the list, and the safe text of the result on the page of a task', () => {
  const known = load(
    start(),
    settled('done01', {
      outcome: { status: 'completed', result: { content: [{ type: 'text', text: 'a\u001b[31mb\nc' }] } },
    }),
  );
  expect(press(known, 'y').commands).toEqual([{ kind: 'copy', text: 'done01' }]);
  const [copied] = press(known, '<enter>y').commands;
  expect(copied).toMatchObject({ kind: 'copy', text: expect.stringMatching(/^a[^\u001b]*b\nc$/) });
});

const tools = [
  {
    name: 'deploy',
    inputSchema: {
      type: 'object',
      required: ['env'],
      properties: { env: { type: 'string' }, replicas: { type: 'integer', default: 1 } },
    },
    taskSupport: 'optional',
  },
] as const;

test('R opens the call form with the task’s arguments, and sends nothing', () => {
  const known = connect(load(start(), settled('done01', { arguments: { env: 'staging', replicas: 3 } })));
  const asked = press(known, 'R');
  expect(asked.commands).toEqual([{ kind: 'load-tools', fingerprint: 'demo' }]);
  const form = send(asked, { kind: 'tools-loaded', fingerprint: 'demo', tools });
  expect(form).toMatchObject({ commands: [], model: { page: { kind: 'call' } } });
  expect(press(form, '<ctrl-r><enter>').commands).toMatchObject([
    { act: { kind: 'call', tool: 'deploy', args: { env: 'staging', replicas: 3 }, rerunOf: 'done01' } },
  ]);
});

test('repeating a call of a removed tool opens the list of tools', () => {
  const asked = press(connect(load(start(), settled('done01', { tool: 'gone' }))), 'R');
  const offered = send(asked, { kind: 'tools-loaded', fingerprint: 'demo', tools });
  expect(offered.model.page).toMatchObject({ kind: 'pick-tool', tools: [{ name: 'deploy' }] });
});

test('calls of other callers, and any call in a read-only view, are not repeated', () => {
  const theirs = report(connect(start()), { kind: 'others', fingerprint: 'demo', records: [task('theirs')] });
  expect(press(theirs, 'R').commands).toEqual([]);
  expect(press(connect(load(start({ readOnly: true }), done)), 'R').commands).toEqual([]);
});

test('from 140 columns on the selected task is shown beside the list', () => {
  const screen = (columns: number) =>
    viewFrame(press(load(start({ columns, rows: 24 }), open, done), 'j').model)
      .lines.map((row) => plain(row))
      .join('\n');
  expect(screen(139)).not.toContain('task id');
  expect(screen(140)).toMatch(/❯ ● done01[\s\S]* │ task id +task-done01/);
});

test('Space marks a row and moves down; c and f ask once and act on all marked tasks that allow it', () => {
  const known = load(start(), open, task('open02', { createdAt: 1 }), done);
  const marked = press(known, '<home>   ');
  expect(marked.model.marked).toEqual(new Set(['open01', 'open02', 'done01']));
  const asked = press(marked, 'c');
  expect(asked.model.overlay).toEqual({ kind: 'confirm', act: 'cancel', id: 'open01', others: ['open02'] });
  const sent = press(asked, 'y');
  expect(sent.commands).toEqual(['open01', 'open02'].map((id) => ({ kind: 'perform', act: { kind: 'cancel', id } })));
  expect(sent.model.marked).toEqual(new Set());
  expect(press(marked, 'fy').commands).toHaveLength(3);
  expect(press(marked, 'k ').model.marked.size).toBe(2);
});

test('without marks an action applies to the selected task alone', () => {
  expect(press(load(start(), open, done), 'c').model.overlay).toEqual({ kind: 'confirm', act: 'cancel', id: 'open01' });
});

test('actions skip marked tasks hidden by the filter, and the status row counts them', () => {
  const known = load(start({ columns: 80 }), task('open01'), task('open02'), task('other1'));
  const status = (model: Model) => plain(viewFrame(model).lines.at(-2) ?? []);
  const marked = press(known, '<home>   ');
  const some = press(marked, '/open<enter>');
  expect(status(some.model)).toMatch(/^2 marked: a, c and f act on all of them +\/open {2}1 marked, hidden {2}2 of 3$/);
  const sent = press(some, 'cy');
  expect(sent.commands).toMatchObject([{ act: { id: 'open01' } }, { act: { id: 'open02' } }]);
  expect(sent.model.marked).toEqual(new Set(['other1']));
  const none = press(marked, '/nothing<enter>');
  expect(status(none.model)).toMatch(/^\/nothing +3 marked, hidden {2}0 of 3$/);
  expect(press(none, 'c').model.overlay).toBeNull();
});

test('the answer key skips marked tasks hidden by the filter', () => {
  const known = load(start(), asking('ask001', ['a']), asking('ask002', ['a']));
  const marked = { ...known, model: { ...known.model, marked: new Set(['ask002']) } };
  const form = press(marked, '/ask001<enter>a');
  expect(form.model.page).toMatchObject({ kind: 'question', question: { id: 'ask001' } });
  expect(form.model.page).not.toHaveProperty('among');
});

test('with marks, the footer offers to answer only if a visible marked task has an open question', () => {
  const known = load(start({ columns: 120 }), asking('ask001', ['a']), task('open01'));
  const footer = (model: Model) => plain(viewFrame(model).lines.at(-1) ?? []);
  expect(footer(known.model)).toMatch(/^a answer/);
  expect(footer({ ...known.model, marked: new Set(['open01']) })).not.toContain('a answer');
  expect(footer({ ...known.model, marked: new Set(['ask001']) })).toMatch(/^a answer/);
});

test('a answers only marked tasks: identical questions with one answer, others in turn', () => {
  const known = load(
    start(),
    asking('ask001', ['a']),
    asking('ask002', ['b']),
    asking('ask003', ['a']),
    asking('ask004', ['a']),
  );
  const marked = { ...known, model: { ...known.model, marked: new Set(['ask001', 'ask002', 'ask003']) } };
  const form = press(marked, 'a');
  expect(form.model.page).toMatchObject({ kind: 'question', question: { id: 'ask001' } });
  const screen = viewFrame(form.model)
    .lines.map((row) => plain(row))
    .join('\n');
  expect(screen).toContain('the answer is also for ask003, which ask the same');
  const sent = press(form, 'Ada<ctrl-r><right><left><enter>');
  const answered = sent.commands.map((command) => command.kind === 'perform' && 'id' in command.act && command.act.id);
  expect(answered).toEqual(['ask001', 'ask003']);
  expect(sent.model.page).toMatchObject({ kind: 'question', question: { id: 'ask002' } });
  const over = press(sent, 'Bob<ctrl-r><right><left><enter>');
  expect(over.commands).toMatchObject([{ act: { id: 'ask002' } }]);
  expect([over.model.page.kind, over.model.marked.size]).toEqual(['list', 0]);
});

test('S groups the tasks by server, servers with open questions first, and ungroups them', () => {
  const other = { ...open.server, fingerprint: 'shop', label: 'shop' };
  const known = load(
    start(),
    open,
    done,
    asking('ask001', ['a'], { server: other }),
    task('open02', { server: other }),
  );
  const grouped = press(known, 'S');
  const rows = viewFrame(grouped.model)
    .lines.map((row) => plain(row))
    .filter((row) => /^(shop|demo) {2}\d|001|open0|done01/.test(row))
    .map((row) => /ask001|open01|open02|done01|^\w+ {2}\d task/.exec(row)?.[0]);
  expect(rows).toEqual(['shop  2 task', 'ask001', 'open02', 'demo  2 task', 'open01', 'done01']);
  expect(press(grouped, 'S').model.order).toEqual(known.model.order);
});
