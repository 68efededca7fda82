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

test('a job is a tool of the bridge and hides a server tool of the same name', async () => {
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

test('a job mapped while a keeper runs is available at the next call', async () => {
  const { builds, host } = await bridgedBuilds();
  await host.client.listTools();
  builds.map({ ci: { ...jobs.ci, release: { ...jobs.ci.build, description: 'Releases.' } } });
  const first = await host.call('release', { branch: 'main' });
  expect(textOf(first)).toContain('NOT FINISHED: "release" is still running');
  expect(builds.called('create_build')).toBe(1);
});

/** The names of the tools, and a promise that resolves when the host is notified of a change. */
function toolsSeenBy({ client }: BridgedHost) {
  const notified = new Promise<void>((resolve) => {
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => resolve());
  });
  return { notified, names: async () => (await client.listTools()).tools.map(({ name }) => name) };
}

test('a host is notified of a job mapped while it runs, and lists it', async () => {
  const { builds, host } = await bridgedBuilds();
  const { notified, names } = toolsSeenBy(host);
  expect(await names()).not.toContain('release');
  builds.map({ ci: { ...jobs.ci, release: { ...jobs.ci.build, description: 'Releases.' } } });
  await notified;
  expect(await names()).toContain('release');
});

test('a host is notified of the jobs of a project once they are allowed', async () => {
  const { host, home } = await bridgedBuilds();
  const { notified, names } = toolsSeenBy(host);
  const folder = join(home.home, 'project', '.mcp-tasks');
  const file = join(folder, 'jobs.json');
  mkdirSync(folder);
  writeFileSync(file, JSON.stringify({ ci: { release: { ...jobs.ci.build, description: 'Releases.' } } }));
  expect(await names()).not.toContain('release');
  expect(await run(['allow', `${file}:ci`], home)).toMatchObject({ code: 0 });
  await notified;
  expect(await names()).toContain('release');
});

test('a host that starts with a stale list of tools from the cache is notified of changed jobs', async () => {
  const { builds, host, home } = await bridgedBuilds();
  await host.client.listTools();
  await host.close();
  await run(['keepers', '--stop'], home);
  builds.map({ ci: { ...jobs.ci, release: { ...jobs.ci.build, description: 'Releases.' } } });
  const next = await startHost({ home: home.home, target: ['ci'], cwd: join(home.home, 'project') });
  onTestFinished(() => next.close());
  const { notified, names } = toolsSeenBy(next);
  await names();
  await notified;
  expect(await names()).toContain('release');
});

test('a job is a native task for a host with tasks', async () => {
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

test('a call to a bridged agent is held, its question answered by a person, and its artifact returned', async () => {
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
  expect(agent.agent.received).toEqual(['deploy shop', 'eu']);
});
