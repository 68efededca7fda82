import type { TaskRecord } from '@mcp-tasks/client';
import { expect, test } from 'vitest';
import { endsWithServer, withServerStopped } from '../../session/work-of-children.ts';
import { asking, connect, load, NOW, press, send, settled, start, task } from './play.ts';

const server = {
  fingerprint: 'demo',
  label: 'files',
  target: { kind: 'command', command: 'files', args: [] },
} as const;
const child = { ...server, fingerprint: 'files' };
const held = task('held01', { server: child });
const call = task('call01', { server: child, phase: 'intent', status: 'unknown', taskId: null });
const end = (reason: 'quit' | 'interrupted') => [{ kind: 'end', reason }];
const watching = (...records: readonly TaskRecord[]) => load(connect(connect(start()), 'files'), ...records);

test.each([
  ['q', 'quit'],
  ['<ctrl-c>', 'interrupted'],
] as const)('%s asks before it ends work of a child process, then exits with the matching reason', (key, reason) => {
  const searching = press(watching(held, call), key);
  expect(searching.commands).toEqual([{ kind: 'find-work' }]);
  const asked = send(searching, { kind: 'work-found', ids: ['held01', 'call01'], isKept: false });
  expect(asked).toMatchObject({
    commands: [],
    model: { overlay: { kind: 'leaving', work: { ids: ['held01', 'call01'] } } },
  });
  expect(press(asked, '<esc>')).toMatchObject({ commands: [], model: { overlay: null } });
  expect(press(asked, 's').commands).toEqual(end(reason));
});

test('the exit question ignores Enter, q and unbound letters', () => {
  const asked = send(press(watching(call), 'q'), { kind: 'work-found', ids: ['call01'], isKept: false });
  for (const key of ['<enter>', 'q', 'y', 'x']) expect(press(asked, key).commands, key).toEqual([]);
});

test('a second Ctrl-C exits at once, even before the affected work is known', () => {
  const searching = press(watching(call), '<ctrl-c>');
  expect(press(searching, '<ctrl-c>').commands).toEqual(end('interrupted'));
  const asked = send(searching, { kind: 'work-found', ids: ['call01'], isKept: false });
  expect(press(asked, '<ctrl-c>').commands).toEqual(end('interrupted'));
});

test('a job does not end with its server unless its mapping sets endsWithServer', () => {
  const job = task('job001', { server: child, protocol: 'jobs', mapping: {} });
  expect(endsWithServer(job)).toBe(false);
  expect(withServerStopped(job, NOW)).toBe(job);
  expect(endsWithServer({ ...job, mapping: { endsWithServer: true } })).toBe(true);
  expect(endsWithServer({ ...job, phase: 'intent', taskId: null })).toBe(true);
});

test('the view exits without a question if another process holds all the work', () => {
  expect(send(press(watching(held), 'q'), { kind: 'work-found', ids: [], isKept: false }).commands).toEqual(
    end('quit'),
  );
});

test('the view exits when the work settles during the exit question', () => {
  const asked = send(press(watching(call), 'q'), { kind: 'work-found', ids: ['call01'], isKept: false });
  expect(load(asked, settled('call01', { server: child })).commands.at(-1)).toEqual(end('quit')[0]);
});

test('stopped work is shown as it will be recorded: unknown, may have run', () => {
  const asked = send(press(watching(held, call), 'q'), {
    kind: 'work-found',
    ids: ['held01', 'call01'],
    isKept: false,
  });
  const { records } = press(asked, 's').model;
  expect(records.get('call01')).toMatchObject({ phase: 'intent', status: 'unknown', contact: { kind: 'lost' } });
  expect(records.get('held01')).toMatchObject({ phase: 'open', status: 'unknown', contact: { kind: 'silent' } });
});

test('the view exits without a question if only demo or HTTP tasks are open, which outlive this process', () => {
  const demo = { ...server, fingerprint: 'demo', label: 'demo' };
  expect(press(watching(task('open01', { server: demo }), asking('ask001', ['a'])), 'q').commands).toEqual(end('quit'));
  const lost = { ...call, contact: { kind: 'lost', since: NOW } } as const;
  expect(press(watching(lost), 'q').commands).toEqual(end('quit'));
});

test('Enter is ignored for 400 ms after the exit question has closed', () => {
  const played = press(
    load(connect(connect(start()), 'files'), asking('ask001', ['a'], { server: child })),
    'aAda<ctrl-r>',
  );
  const asked = send(press(played, '<ctrl-c>'), { kind: 'work-found', ids: ['ask001'], isKept: false });
  const back = press(asked, '<esc>');
  const at = back.model.pageSince + 399;
  expect(send(back, { kind: 'key-pressed', key: { name: 'enter' }, at }).commands).toEqual([]);
  expect(send(back, { kind: 'key-pressed', key: { name: 'enter' }, at: at + 1 }).commands).toHaveLength(1);
});

test('l or a second Ctrl-C leaves work under a keeper running, s stops it', () => {
  const asked = send(press(watching(held, call), 'q'), { kind: 'work-found', ids: ['held01', 'call01'], isKept: true });
  expect(press(asked, 'l').commands).toEqual(end('quit'));
  expect(press(asked, '<ctrl-c>').commands).toEqual(end('interrupted'));
  expect(press(asked, 'l').model.records.get('call01')).toMatchObject({ phase: 'intent' });
  const stopped = press(asked, 's');
  expect(stopped.commands).toEqual([{ kind: 'end', reason: 'quit', stops: true }]);
  expect(stopped.model.records.get('call01')).toMatchObject({ status: 'unknown', contact: { kind: 'lost' } });
});

test('l does nothing if the server is a child of this process', () => {
  const asked = send(press(watching(call), 'q'), { kind: 'work-found', ids: ['call01'], isKept: false });
  expect(press(asked, 'l').commands).toEqual([]);
});
