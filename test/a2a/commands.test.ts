import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freshHome, idOf, run, start } from '../commands/support.ts';
import { watch } from '../terminal/support/watch.ts';
import { type AgentOptions, serveAgent } from './agent-server.ts';
import { serveLosingProxy } from './losing-proxy.ts';

async function agentFor(options: AgentOptions = {}) {
  const server = await serveAgent(options);
  onTestFinished(() => server.stop());
  return { server, target: `a2a:${server.url}`, home: freshHome() };
}

test('a call to an agent survives kill -9: it is listed, answered from elsewhere and waited for', async () => {
  const { server, target, home } = await agentFor();
  const calling = start(['call', target, 'send', '--arg', 'text=deploy shop', '--keep-waiting'], { home });
  await calling.waitFor('Which region?');
  calling.process.kill('SIGKILL');
  await calling.done;
  const id = await idOf(home, 'send');
  const list = await run(['list'], { home });
  expect(list.stdout).toMatch(new RegExp(`${id}\\s+needs input\\s+send`));
  const waiting = start(['wait', id, '--keep-waiting'], { home });
  await waiting.waitFor('asks');
  const answered = await run(['answer', id, '--accept', 'text=eu'], { home });
  expect(answered).toMatchObject({ code: 0 });
  expect(await waiting.done).toMatchObject({ code: 0, stdout: 'deployed to eu\n' });
  expect(server.agent.received).toEqual(['deploy shop', 'eu']);
});

test('wait finds a call to an agent whose reply was lost with the process', async () => {
  const { server, home } = await agentFor({ isRelative: true });
  const proxy = await serveLosingProxy(server.url);
  onTestFinished(() => proxy.stop());
  proxy.loseReplyTo('"text":"report please"');
  const calling = start(['call', `a2a:${proxy.url}`, 'send', '--arg', 'text=report please'], { home });
  await expect.poll(() => server.agent.received).toEqual(['report please']);
  calling.process.kill('SIGKILL');
  await calling.done;
  const waited = await run(['wait', await idOf(home, 'send')], { home });
  expect(waited).toMatchObject({ code: 0, stdout: expect.stringContaining('{"rows":3}') });
  expect(server.agent.received).toEqual(['report please']);
});

test('a call to a chatting agent prints its message and exits with 6; declining is refused with exit 2', async () => {
  const { target, home } = await agentFor();
  const called = await run(['call', target, 'send', '--arg', 'text=chat with me'], { home });
  expect(called).toMatchObject({ code: 6, stderr: expect.stringContaining('You said chat with me') });
  const id = await idOf(home, 'send');
  expect(called.stderr).toContain(`Delete the record without cancelling: mcp-tasks forget ${id}`);
  const declined = await run(['answer', id, '--decline', '--json'], { home });
  expect([declined.code, JSON.parse(declined.stderr)]).toMatchObject([2, { error: { code: 'unsupported' } }]);
  const { stdout } = await run(['list', '--json'], { home });
  const { tasks } = JSON.parse(stdout) as { tasks: readonly { task: object }[] };
  expect(tasks[0]?.task).toMatchObject({
    protocol: 'a2a',
    revision: '1.0',
    target: `${target}/`,
    status: 'input_required',
  });
});

test('a call with the id of a task as its context continues the conversation of that task', async () => {
  const { target, home } = await agentFor();
  await run(['call', target, 'send', '--arg', 'text=report please'], { home });
  const first = await idOf(home, 'send');
  await run(['call', target, 'send', '--arg', 'text=report again', '--arg', `context=${first}`], { home });
  const { stdout } = await run(['list', '--all', '--json'], { home });
  const { tasks } = JSON.parse(stdout) as { tasks: readonly { task: { context: string } }[] };
  expect(tasks).toHaveLength(2);
  expect(new Set(tasks.map(({ task }) => task.context)).size).toBe(1);
});

test('data in an answer is sent as a part of its own', async () => {
  const { server, target, home } = await agentFor();
  await run(['call', target, 'send', '--arg', 'text=deploy shop'], { home });
  const answered = await run(['answer', await idOf(home, 'send'), '--accept', 'data:={"region":"eu"}'], { home });
  expect(answered).toMatchObject({ code: 0 });
  expect(server.agent.received).toEqual(['deploy shop', '{"region":"eu"}']);
});

test('an entry of a configuration file may be an agent', async () => {
  const { server, home } = await agentFor({ token: 's3cret' });
  const headers = { Authorization: `Bearer \${AGENT_TOKEN}` };
  const entry = { type: 'a2a', url: server.url, headers };
  mkdirSync(join(home, '.cursor'));
  writeFileSync(join(home, '.cursor', 'mcp.json'), JSON.stringify({ mcpServers: { script: entry } }));
  const env = { AGENT_TOKEN: 's3cret' };
  const called = await run(['call', 'script', 'send', '--arg', 'text=report please'], { home, env });
  expect(called).toMatchObject({ code: 0, stdout: expect.stringContaining('part one; ') });
  const refused = await run(['tools', 'script'], { home, env: { AGENT_TOKEN: 'other' } });
  expect(refused).toMatchObject({ code: 3 });
});

test('an agent addressed as an MCP server is recognized by its card', async () => {
  const { server, home } = await agentFor();
  for (const path of ['', '/rpc']) {
    const { code, stderr } = await run(['tools', `${server.url}${path}`], { home });
    expect(code).not.toBe(0);
    expect(stderr).toContain(`This is an A2A agent: a2a:${server.url}${path}`);
  }
});

test("the live view shows an agent's tasks and questions, including tasks started by others", async () => {
  const { server, target, home } = await agentFor();
  await run(['call', target, 'send', '--arg', 'text=deploy shop', '--detach'], { home: freshHome() });
  await run(['call', target, 'send', '--arg', 'text=deploy site'], { home });
  await using view = watch(home, [target], { columns: 100, rows: 30 });
  await view.waitFor('Which region?');
  await view.waitFor('not called here');
  expect(view.screen()).toMatch(/\? \w+ +send +.*Which region\?/);
  expect(server.agent.received).toEqual(['deploy shop', 'deploy site']);
});

test('the form of an agent question offers only Accept, and its answer reaches the agent', async () => {
  const { server, target, home } = await agentFor();
  await run(['call', target, 'send', '--arg', 'text=deploy shop'], { home });
  await using view = watch(home, [target, '--keep-open'], { columns: 100, rows: 30 });
  await view.waitFor('Which region?');
  view.write('a');
  await view.waitFor('Your answer');
  view.write('eu\r');
  const review = await view.waitFor('[ Accept ]');
  expect(review).not.toMatch(/Decline|Dismiss/);
  view.press('enter');
  await view.waitFor('deployed to eu');
  expect(server.agent.received).toEqual(['deploy shop', 'eu']);
});

test('a cancel without a reply from the agent is reported, and Ctrl-C leaves the task open', async () => {
  const { server, target, home } = await agentFor();
  await run(['call', target, 'send', '--arg', 'text=deploy shop'], { home });
  const id = await idOf(home, 'send');
  const cancelling = start(['cancel', id], { home });
  await cancelling.waitFor('to acknowledge it; Ctrl-C stops waiting');
  cancelling.process.kill('SIGINT');
  expect((await cancelling.done).code).toBe(130);
  expect(server.asked).toContain('CancelTask');
  const { stdout } = await run(['list', '--json'], { home });
  expect(JSON.parse(stdout).tasks).toMatchObject([{ task: { status: 'input_required' }, outcome: null }]);
});
