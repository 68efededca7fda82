import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Context } from '../context.ts';
import { jobsOf } from './jobs-of.ts';
import { allowCommand, describeJobs, projectJobs, projectJobsAt } from './project-jobs.ts';
import { jobsPath } from './read-jobs.ts';

const job = (tool: string) => ({
  status: { tool, arguments: { id: '{id}', tool: 'rm', at: { tool: 'rm' } }, state: '/state', map: {} },
});

/** A project whose file maps jobs; the person's own file, if given, is in the home. */
function project(theirs: object, ours?: object): Context {
  const cwd = mkdtempSync(join(tmpdir(), 'mcp-tasks-project-'));
  const home = mkdtempSync(join(tmpdir(), 'mcp-tasks-home-'));
  const context = { env: { MCP_TASKS_HOME: home }, homeDirectory: home, cwd, platform: 'linux' } as unknown as Context;
  mkdirSync(join(cwd, '.mcp-tasks'));
  writeFileSync(join(cwd, '.mcp-tasks/jobs.json'), JSON.stringify(theirs));
  if (ours === undefined) return context;
  mkdirSync(join(home, '.config/mcp-tasks'), { recursive: true });
  writeFileSync(jobsPath(context), JSON.stringify(ours));
  return context;
}

test('describeJobs lists each tool call once, and nothing that is nested in its arguments', async () => {
  const [entry] = await projectJobs(project({ ci: { build: job('get') } }));
  expect(entry && describeJobs(entry)).toEqual(['build  calls get with {"id":"{id}","tool":"rm","at":{"tool":"rm"}}']);
});

test("the person's mapping of a job wins over the project's, by configured name and by serverInfo name", async () => {
  const context = project({ ci: { build: job('theirs'), test: job('theirs') } }, { ci: { build: job('ours') } });
  const toolsBy = async (label: string | undefined) => {
    const { of } = await jobsOf({ label }, context, { allowProject: true });
    return Object.entries(of({ name: 'ci', version: '1' })).map(([name, { status }]) => `${name} ${status.tool}`);
  };
  expect(await toolsBy(undefined)).toEqual(['build ours', 'test theirs']);
  expect(await toolsBy('ci')).toEqual(['build ours', 'test theirs']);
});

test('an unconfirmed mapping is not used, and the error for its job names the command that allows it', async () => {
  const context = project({ ci: { build: job('get') } });
  const { of, explain, unconfirmed } = await jobsOf({ label: 'ci' }, context);
  expect(of({ name: 'server', version: '1' })).toEqual({});
  expect(unconfirmed()).toEqual(['A project maps jobs of it: mcp-tasks allow .mcp-tasks/jobs.json:ci']);
  const missing = Object.assign(new Error('none'), { code: 'not-found' });
  expect(explain(missing, 'build')).toBe(missing);
});

test('a file named on the command line without jobs is refused', async () => {
  const context = project({});
  await expect(projectJobsAt('.mcp-tasks/jobs.json', context)).rejects.toMatchObject({ code: 'target-not-found' });
  expect(await projectJobsAt('.mcp.json', context)).toBeUndefined();
});

test('the command that allows a mapping names its file and server', async () => {
  const context = project({ 'my ci': { build: job('get') } });
  const [entry] = await projectJobs(context);
  expect(entry && allowCommand(entry, context)).toBe("mcp-tasks allow '.mcp-tasks/jobs.json:my ci'");
});
