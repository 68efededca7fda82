import type { ContentBlock, TaskRecord, ToolDescription } from '@mcp-tasks/client';
import { expect, test } from 'vitest';
import { verifies } from '../../../../../test/faults/scenarios.ts';
import { asking, load, NOW, type Played, press, report, send, settled, start, task } from '../state/play.ts';
import { viewFarewell } from './farewell.ts';
import { viewFrame } from './frame.ts';

const NASTY = '\u001b]0;owned\u0007\u202e\u009b2J';
/** An invisible title: a zero-width space. */
const UNSEEN = '\u200b';

const schema = {
  type: 'object',
  title: NASTY,
  description: NASTY,
  properties: {
    [`first${NASTY}`]: { type: 'string', title: UNSEEN, description: NASTY, default: NASTY, pattern: NASTY },
    choice: { type: 'string', title: NASTY, enum: [`one${NASTY}`, 'two'], default: `one${NASTY}` },
    several: { type: 'array', items: { type: 'string', enum: [`one${NASTY}`, 'two'] }, default: [`one${NASTY}`] },
    data: { type: 'object', title: NASTY, default: { [NASTY]: NASTY } },
  },
};

const server = { fingerprint: 'evil', label: NASTY, target: { kind: 'url', url: 'http://localhost:1/mcp' } } as const;
const evil = { server, tool: NASTY, statusMessage: NASTY, taskId: NASTY, arguments: { [NASTY]: NASTY } };

const asks = asking('ask001', [], {
  ...evil,
  createdAt: NOW,
  trouble: NASTY,
  inputRequests: {
    [NASTY]: { method: 'elicitation/create', params: { message: NASTY, requestedSchema: schema } },
    page: { method: 'elicitation/create', params: { message: NASTY, url: `https://x.example/${NASTY}` } },
    odd: { method: NASTY, params: {} },
    old: { method: 'elicitation/create', params: { message: NASTY } },
  },
  ledger: {
    [NASTY]: { state: 'open', digest: 'a' },
    page: { state: 'open', digest: 'b' },
    odd: { state: 'open', digest: 'c' },
    old: { state: 'refused', digest: 'd', reason: NASTY },
  },
  history: [{ at: NOW, status: 'working', message: NASTY }],
});
const failed = settled('bad001', {
  ...evil,
  outcome: { status: 'failed', error: { code: 1, message: NASTY, data: NASTY } },
});
const content = [
  { type: 'text', text: NASTY },
  { type: 'image', mimeType: NASTY, data: '' },
  { type: 'resource_link', name: NASTY, uri: NASTY },
  { type: 'resource', resource: { uri: NASTY, mimeType: NASTY, text: NASTY } },
  { type: NASTY, [NASTY]: NASTY },
] as unknown as ContentBlock[]; // as a hostile server could send
const done = settled('done01', {
  ...evil,
  outcome: { status: 'completed', result: { content, structuredContent: { [NASTY]: NASTY } } },
});
const tool: ToolDescription = {
  name: NASTY,
  title: NASTY,
  description: NASTY,
  inputSchema: schema,
  taskSupport: 'optional',
};

const connected = (...records: readonly TaskRecord[]): Played =>
  report(load(start({ columns: 100, rows: 40 }), ...records), {
    kind: 'server',
    fingerprint: 'evil',
    label: NASTY,
    state: 'unreachable',
    detail: NASTY,
    taskTools: [NASTY],
  });
const picking = () => send(press(connected(), 'n'), { kind: 'tools-loaded', fingerprint: 'evil', tools: [tool] });

const PAGES: Readonly<Record<string, Played>> = {
  'the list': connected(asks, failed, done, task('open01', { ...evil, trouble: NASTY })),
  'an empty list': connected(),
  'a task that asks': press(connected(asks), '<enter>'),
  'a task that failed': press(connected(failed), '<enter>'),
  'a result': press(connected(done), '<enter>'),
  'the first field': press(connected(asks), 'a'),
  'a choice': press(connected(asks), 'a<tab>'),
  'several choices': press(connected(asks), 'a<tab><tab>'),
  data: press(connected(asks), 'a<tab><tab><tab>'),
  'the review': press(connected(asks), 'a<ctrl-r>'),
  'a page to open': press(connected(asks), 'a<ctrl-n>'),
  'a withdrawn question': load(press(connected(asks), 'a'), failed, { ...failed, id: 'ask001' }),
  'the choice of a server': press(
    report(connected(), { kind: 'server', fingerprint: 'two', label: NASTY, state: 'closed' }),
    'n',
  ),
  'the choice of a tool': picking(),
  'tools that failed': send(press(connected(), 'n'), { kind: 'tools-failed', fingerprint: 'evil', problem: NASTY }),
  'a call': press(picking(), '<enter>'),
  'a confirmation': press(connected(asks), 'c'),
  'a notice': report(connected(), { kind: 'notice', text: NASTY }),
  'a warning': report(connected(), { kind: 'warning', text: NASTY }),
};

const ACTIVE = /[\u0000-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069]/;

test.each(Object.entries(PAGES))(
  verifies('Q11', 'no text of a server acts on the terminal from the page %s'),
  (_page, { model }) => {
    const texts = [...viewFrame(model).lines, ...viewFarewell(model)].map((line) =>
      line.map(({ text }) => text).join(''),
    );
    expect(texts.filter((text) => ACTIVE.test(text))).toEqual([]);
  },
);

test('a field with an invisible title is shown by its name, made safe', () => {
  const shown = viewFrame(PAGES['the first field']!.model).lines.map((line) => line.map(({ text }) => text).join(''));
  expect(shown.join('\n')).toContain('❯ first\\x1b]0;owned\\x07\\u202e\\x9b2J');
});
