import { expect, test } from 'vitest';
import { connect, load, press, report, send, start, task } from './play.ts';

const tools = [
  { name: 'ping', inputSchema: { type: 'object' }, taskSupport: 'forbidden' },
  { name: 'survey', inputSchema: { type: 'object' }, taskSupport: 'optional' },
  {
    name: 'release',
    title: 'Release a service',
    inputSchema: {
      type: 'object',
      required: ['service'],
      properties: { service: { type: 'string' }, count: { type: 'integer', default: 2 } },
    },
    taskSupport: 'optional',
  },
] as const;

const offered = () => {
  const asked = press(connect(load(start())), 'n');
  return send(asked, { kind: 'tools-loaded', fingerprint: 'demo', tools });
};

test('with one server, n lists its tools at once', () => {
  const asked = press(connect(load(start())), 'n');
  expect(asked.commands).toEqual([{ kind: 'load-tools', fingerprint: 'demo' }]);
  expect(asked.model.page).toMatchObject({ kind: 'pick-tool', tools: 'loading' });
});

test('with several servers, n lists the servers, starting at the selected task’s server', () => {
  const both = connect(connect(load(start(), task('open01'))), 'files');
  expect(press(both, 'n').model.page).toEqual({ kind: 'pick-server', at: 0 });
  expect(press(both, 'nj<enter>').commands).toEqual([{ kind: 'load-tools', fingerprint: 'files' }]);
  expect(press(both, 'n<esc>').model.page).toEqual({ kind: 'list' });
});

test('n works while the server is connecting, and the tools appear once it is connected', () => {
  const connecting = report(load(start()), { kind: 'server', fingerprint: 'demo', label: 'demo', state: 'connecting' });
  const asked = press(connecting, 'n');
  expect(asked.commands).toEqual([{ kind: 'load-tools', fingerprint: 'demo' }]);
  const failed = send(asked, { kind: 'tools-failed', fingerprint: 'demo', problem: 'nobody is there' });
  expect(failed.model.page).toMatchObject({ tools: { failed: 'nobody is there' } });
  const back = connect(failed);
  expect(back.model.page).toMatchObject({ kind: 'pick-tool', tools: 'loading' });
  expect(back.commands).toEqual([{ kind: 'load-tools', fingerprint: 'demo' }]);
});

test('n does nothing without a server, and retries an unreachable one', () => {
  expect(press(load(start()), 'n').model.page).toEqual({ kind: 'list' });
  const away = report(load(start()), { kind: 'server', fingerprint: 'demo', label: 'demo', state: 'unreachable' });
  expect(press(away, 'n').commands).toEqual([{ kind: 'load-tools', fingerprint: 'demo' }]);
});

test('tools that support tasks come first, and typing filters them', () => {
  const { model } = offered();
  expect(model.page).toMatchObject({ tools: [{ name: 'release' }, { name: 'survey' }, { name: 'ping' }] });
  expect(press(offered(), 'sur<enter>').model.page).toMatchObject({ kind: 'call', tool: { name: 'survey' } });
});

test('a form made of the input schema is filled in, reviewed and called', () => {
  const filled = press(offered(), '<enter>web<enter><enter>');
  expect(filled.model.page).toMatchObject({ kind: 'call', form: { step: 'review' } });
  const called = press(filled, '<enter>');
  expect(called.commands).toEqual([
    {
      kind: 'perform',
      act: { kind: 'call', fingerprint: 'demo', tool: 'release', args: { service: 'web', count: 2 } },
    },
  ]);
  expect(called.model.page).toEqual({ kind: 'list' });
});

test('a tool without arguments is called by a second Enter', () => {
  expect(press(offered(), 'ping<enter>').commands).toEqual([]);
  expect(press(offered(), 'ping<enter><enter>').commands).toMatchObject([{ act: { tool: 'ping', args: {} } }]);
});

test('the task of a new call is selected', () => {
  const called = press(load(offered(), task('open01')), 'ping<enter><enter>');
  const made = load(called, task('new001', { tool: 'ping' }));
  expect(made.model.selected).toBe('new001');
  const done = send(made, {
    kind: 'act-done',
    act: { kind: 'call', fingerprint: 'demo', tool: 'ping', args: {} },
  });
  expect(load(done, task('new002')).model.selected).toBe('new001');
});

test('a failed call shows its error', () => {
  const called = press(offered(), 'ping<enter><enter>');
  const act = { kind: 'call', fingerprint: 'demo', tool: 'ping', args: {} } as const;
  const failed = send(called, { kind: 'act-failed', act, problem: 'unreachable' });
  expect(failed.model).toMatchObject({ calling: 0, notice: { text: 'ping: unreachable', tone: 'bad' } });
});

test('the tools of another server are not offered', () => {
  const both = connect(connect(load(start())), 'files');
  const asked = press(both, 'nj<enter>');
  const other = send(asked, { kind: 'tools-loaded', fingerprint: 'demo', tools });
  expect(other.model.page).toMatchObject({ kind: 'pick-tool', fingerprint: 'files', tools: 'loading' });
});

test('an unbound key in an argument form changes nothing', () => {
  const form = press(offered(), '<enter>web');
  expect(press(form, '<ctrl-n>')).toEqual({ model: form.model, commands: [] });
});

test('tools that load after the page was closed are ignored', () => {
  const away = press(connect(load(start())), 'n<esc>');
  expect(send(away, { kind: 'tools-loaded', fingerprint: 'demo', tools }).model.page).toEqual({ kind: 'list' });
});

test('the error of a server that cannot list its tools is shown', () => {
  const asked = press(connect(load(start())), 'n');
  const failed = send(asked, { kind: 'tools-failed', fingerprint: 'demo', problem: 'no line' });
  expect(failed.model.page).toMatchObject({ tools: { failed: 'no line' } });
  expect(press(failed, '<enter>').model.page).toMatchObject({ kind: 'pick-tool' });
});
