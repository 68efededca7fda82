import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, onTestFinished, test } from 'vitest';
import { serveAgent } from '../a2a/agent-server.ts';
import { createBoardWorld } from '../jobs/board-world.ts';
import { jobs } from '../kinds/four-kinds.ts';
import { type BridgedHost, bridgeHome, idIn, run, startHost, textOf } from './support.ts';

const BUILDS = resolve(import.meta.dirname, '../jobs/build-server.mjs');

/** A configured server of builds whose jobs the person has mapped, behind a bridge. */
async function bridgedBuilds(mapped: object = jobs) {
  const home = bridgeHome();
  const builds = createBoardWorld({ script: BUILDS, args: [join(home, 'builds.json')] }, { home, name: 'ci' });
  builds.map(mapped);
  const cwd = join(home, 'project');
  mkdirSync(cwd);
  const host = await startHost({ home, target: ['ci'], cwd }, ['--hold', '300ms']);
  onTestFinished(() => host.close());
  return { builds, host, home: { home, env: { MCP_TASKS_HOME: join(home, 'state') } } };
}

test('a job of the server is a tool of the bridge, and hides a tool of its name', async () => {
  const { host } = await bridgedBuilds({ ci: { ...jobs.ci, get_build: { ...jobs.ci.build, description: 'Builds.' } } });
  const { tools } = await host.client.listTools();
  const named = (wanted: string) => tools.filter(({ name }) => name === wanted);
  expect(named('build')).toMatchObject([{ inputSchema: { required: ['branch'] } }]);
  expect(named('get_build')).toMatchObject([{ description: expect.stringContaining('Builds.') }]);
  expect(named('create_build')).toHaveLength(1);
});

test('a call of a job is held, joined by the same call, answered at a terminal, and delivered once', async () => {
  const { builds, host, home } = await bridgedBuilds();
  const first = await host.call('build', { branch: 'main' });
  expect(textOf(first)).toContain('NOT FINISHED: "build" is still running');
  const id = idIn(first);
  expect(idIn(await host.call('build', { branch: 'main' }))).toBe(id);
  await builds.byOther('block_build', { number: 1, message: 'Deploy where?' });
  await expect.poll(async () => textOf(await host.call('tasks_wait', { id })), { timeout: 20_000 }).toContain('Deploy');
  expect(await run(['answer', id, '--accept', 'text=eu'], home)).toMatchObject({ code: 0 });
  await expect
    .poll(async () => textOf(await host.call('build', { branch: 'main' })), { timeout: 20_000 })
    .toContain('went to eu');
  expect(textOf(await host.call('tasks_list'))).toBe('No task runs, and every result was delivered.');
  expect([builds.called('create_build'), builds.called('unblock_build')]).toEqual([1, 1]);
});

test('jobs that are mapped while a keeper lives are there at the next call', async () => {
  const { builds, host } = await bridgedBuilds();
  await host.client.listTools();
  builds.map({ ci: { ...jobs.ci, release: { ...jobs.ci.build, description: 'Releases.' } } });
  const first = await host.call('release', { branch: 'main' });
  expect(textOf(first)).toContain('NOT FINISHED: "release" is still running');
  expect(builds.called('create_build')).toBe(1);
});

/** The names of the tools, and a promise that the host is told of others. */
function toolsSeenBy({ client }: BridgedHost) {
  const told = new Promise<void>((resolve) => {
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => resolve());
  });
  return { told, names: async () => (await client.listTools()).tools.map(({ name }) => name) };
}

test('a host is told of a job that is mapped while it runs, and lists it', async () => {
  const { builds, host } = await bridgedBuilds();
  const { told, names } = toolsSeenBy(host);
  expect(await names()).not.toContain('release');
  builds.map({ ci: { ...jobs.ci, release: { ...jobs.ci.build, description: 'Releases.' } } });
  await told;
  expect(await names()).toContain('release');
});

test('a host is told of the jobs of a project once they are allowed', async () => {
  const { host, home } = await bridgedBuilds();
  const { told, names } = toolsSeenBy(host);
  const folder = join(home.home, 'project', '.mcp-tasks');
  const file = join(folder, 'jobs.json');
  mkdirSync(folder);
  writeFileSync(file, JSON.stringify({ ci: { release: { ...jobs.ci.build, description: 'Releases.' } } }));
  expect(await names()).not.toContain('release');
  expect(await run(['allow', `${file}:ci`], home)).toMatchObject({ code: 0 });
  await told;
  expect(await names()).toContain('release');
});

test('a host that starts after the jobs changed is told of them, although its first list is that of the cache', async () => {
  const { builds, host, home } = await bridgedBuilds();
  await host.client.listTools();
  await host.close();
  await run(['keepers', '--stop'], home);
  builds.map({ ci: { ...jobs.ci, release: { ...jobs.ci.build, description: 'Releases.' } } });
  const next = await startHost({ home: home.home, target: ['ci'], cwd: join(home.home, 'project') });
  onTestFinished(() => next.close());
  const { told, names } = toolsSeenBy(next);
  await names();
  await told;
  expect(await names()).toContain('release');
});

test('a job is a native task for a host that knows tasks', async () => {
  const { builds, host } = await bridgedBuilds();
  const stream = host.client.experimental.tasks.callToolStream(
    { name: 'build', arguments: { branch: 'main' } },
    undefined,
    { task: {} },
  );
  const seen: string[] = [];
  for await (const message of stream) {
    seen.push(message.type);
    if (message.type === 'taskCreated') {
      await expect.poll(() => builds.called('create_build')).toBe(1);
      await builds.byOther('unblock_build', { number: 1, answer: 'eu' });
    }
    if (message.type === 'result') expect(JSON.stringify(message.result)).toContain('went to eu');
  }
  expect(seen).toEqual(expect.arrayContaining(['taskCreated', 'result']));
});

test('an agent is bridged: its message is held, its question answered by a person, and its artifact comes back', async () => {
  const agent = await serveAgent();
  onTestFinished(() => agent.stop());
  const home = bridgeHome();
  const host = await startHost({ home, target: [`a2a:${agent.url}`] }, ['--hold', '1s']);
  onTestFinished(() => host.close());
  const { tools } = await host.client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['send', 'tasks_wait', 'tasks_list', 'tasks_cancel']);
  const asks = await host.call('send', { text: 'deploy shop' });
  expect(textOf(asks)).toContain('Which region?');
  const id = idIn(asks);
  const env = { MCP_TASKS_HOME: join(home, 'state') };
  expect(await run(['answer', id, '--accept', 'text=eu'], { home, env })).toMatchObject({ code: 0 });
  await expect
    .poll(async () => textOf(await host.call('tasks_wait', { id })), { timeout: 20_000 })
    .toContain('deployed to eu');
  expect(agent.agent.heard).toEqual(['deploy shop', 'eu']);
});
