import type { Outcome, TaskChange } from '@mcp-tasks/client';
import { expect, test } from 'vitest';
import { verifies } from '../../../../test/faults/scenarios.ts';
import { asking, NOW, settled, task } from '../live/state/play.ts';
import { nextCommands, unsavedLine } from './next-command.ts';
import { recordDetail } from './record-detail.ts';
import { recordTable } from './record-table.ts';
import { lineOfUpdate, outcomeLine, statusLine, titleOf } from './task-lines.ts';

const NASTY = '\u001b]0;owned\u0007\u202e\u009b2J\n$(id)';

const words = { tool: NASTY, taskId: NASTY, statusMessage: NASTY, trouble: NASTY, arguments: { [NASTY]: NASTY } };
const server = { fingerprint: 'evil', label: NASTY, target: { kind: 'url', url: 'http://localhost:1/mcp' } } as const;
const request = {
  method: 'elicitation/create',
  params: {
    message: NASTY,
    requestedSchema: { type: 'object', required: [NASTY], properties: { [NASTY]: { type: 'string' } } },
  },
};
const history = [{ at: NOW, status: 'working' as const, message: NASTY }];
const asks = asking('ask001', [], {
  ...words,
  server,
  history,
  inputRequests: { [NASTY]: request, two: { method: NASTY, params: {} } },
  ledger: { [NASTY]: { state: 'open', digest: 'a' }, two: { state: 'open', digest: 'b' } },
});
const stuck = {
  ...asks,
  ledger: { [NASTY]: { state: 'refused', digest: 'a', reason: NASTY }, two: asks.ledger.two! },
} as const;
const outcome: Outcome = { status: 'failed', error: { code: 1, message: NASTY, data: NASTY } };
const over = settled('bad001', { ...words, server, history, outcome });

const UPDATES: readonly TaskChange[] = [
  { kind: 'status', record: asks },
  { kind: 'question', record: asks, key: NASTY, request },
  { kind: 'question', record: asks, key: 'two', request: { method: NASTY, params: {} } },
  { kind: 'question-withdrawn', record: asks, key: NASTY },
  { kind: 'warning', record: asks, message: NASTY },
  { kind: 'settled', record: over, outcome },
];

test(verifies('Q11', 'any text of a server about its tasks is printed as one safe line everywhere'), async () => {
  const lines = [
    titleOf(asks),
    statusLine(asks),
    outcomeLine(over, outcome),
    ...UPDATES.flatMap((update) => lineOfUpdate(update) ?? []),
    ...[asks, stuck].flatMap((record) => nextCommands(record, null)),
    ...nextCommands(stuck, { status: 'input_required' }),
    unsavedLine(asks),
    ...(await recordTable([asks, over, task('open01', words)], { now: NOW, width: 200, unicode: true })).split('\n'),
    ...recordDetail(asks, NOW).split('\n'),
    ...recordDetail(over, NOW).split('\n'),
  ];
  expect(lines.filter((line) => /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(line))).toEqual([]);
});

test('a name chosen by a server is escaped and quoted in a printed command', () => {
  const [first] = nextCommands(asks, { status: 'input_required' });
  const shown = String.raw`\\'x1b]0;owned'\\'x07'\\'u202e'\\'x9b2J $(id)'`;
  expect(first).toBe(`Answer with: mcp-tasks answer ask001 ${shown} --accept ${shown}=…`);
  const refused = { ...stuck, ledger: { [NASTY]: stuck.ledger[NASTY] } } as typeof stuck;
  expect(nextCommands(refused, null)).toContain(`Answer again: mcp-tasks answer ask001 ${shown} --again`);
});

test('a key that looks like a flag is left out of a printed command', () => {
  const request = { method: 'elicitation/create', params: { message: 'Approve?' } };
  const two = { ...asks, inputRequests: { '--decline': request, plain: request } };
  two.ledger = { '--decline': { state: 'open', digest: 'a' }, plain: { state: 'open', digest: 'b' } } as never;
  expect(nextCommands(two, { status: 'input_required' })).toEqual([
    'Answer with: mcp-tasks answer ask001',
    'Answer with: mcp-tasks answer ask001 plain --accept',
  ]);
});

test('a row shows the open questions, else the status message', async () => {
  const pipe = { now: NOW, width: undefined, unicode: true };
  expect(await recordTable([task('open01')], pipe)).toMatch(/ {2}Step 1 of 3$/);
  const two = asking('ask001', ['name', 'age'], { statusMessage: 'Waiting' });
  expect(await recordTable([two], pipe)).toMatch(/ {2}asks name: \S.* · asks age: \S.*$/);
});
