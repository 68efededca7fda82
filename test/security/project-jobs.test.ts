import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { freshHome, type Run, run } from '../commands/support.ts';
import { createBoardWorld } from '../jobs/board-world.ts';
import { jobs } from '../kinds/four-kinds.ts';

const BUILDS = resolve(import.meta.dirname, '../jobs/build-server.mjs');
const FILE = '.mcp-tasks/jobs.json';

/** A person's build server, in a project with mappings of its own. */
function createProject() {
  const state = join(freshHome(), 'builds.json');
  const world = createBoardWorld({ script: BUILDS, args: [state] }, { name: 'ci' });
  const cwd = join(world.home, 'project');
  mkdirSync(join(cwd, '.mcp-tasks'), { recursive: true });
  return {
    ...world,
    mcpTasks: (...words: readonly string[]): Promise<Run> => run(words, { home: world.home, cwd }),
    write: (content: unknown) => writeFileSync(join(cwd, FILE), JSON.stringify(content)),
  };
}

const CALL = ['call', 'ci', 'build', '--arg', 'branch=main', '--json'] as const;

test("an unconfirmed mapping of a project's file calls no tool", async () => {
  const { mcpTasks, write, called } = createProject();
  write(jobs);
  for (const words of [CALL, [...CALL, '--detach'], ['follow', 'ci', 'build', '1', '--json']]) {
    const { code, stderr } = await mcpTasks(...words);
    expect([words, code]).toEqual([words, 2]);
    const { error } = JSON.parse(stderr.slice(stderr.indexOf('{'))); // a slow start prints a note first
    expect(error).toMatchObject({ code: 'not-confirmed', message: `The jobs of "ci" in ${FILE} are not confirmed` });
    expect(error.hint).toContain('build  calls get_build with {"number":"{id}"}');
    expect(error.hint).toContain(`mcp-tasks allow ${FILE}:ci`);
  }
  const tools = await mcpTasks('tools', 'ci');
  expect(tools.stdout).not.toMatch(/^build /m);
  expect(tools.stderr).toContain(`A project maps jobs of it: mcp-tasks allow ${FILE}:ci`);
  expect((await mcpTasks('doctor', 'ci')).stdout).toContain(`A project maps jobs of it: mcp-tasks allow ${FILE}:ci`);
  expect([called('create_build'), called('get_build')]).toEqual([0, 0]);
});

test('a confirmed mapping of a project works until it changes; --allow-project allows one run', async () => {
  const { mcpTasks, write, called } = createProject();
  write(jobs);
  expect(await mcpTasks('tools', 'ci', 'build', '--allow-project')).toMatchObject({ code: 0 });
  expect(await mcpTasks('tools', 'ci', 'build')).toMatchObject({ code: 2 });
  const allowed = await mcpTasks('allow', FILE);
  expect(allowed).toMatchObject({ code: 0, stdout: expect.stringContaining('build  calls create_build') });
  expect((await mcpTasks('allow')).stdout).toContain(`${FILE}:ci`);
  expect(await mcpTasks('call', 'ci', 'build', '--arg', 'branch=main', '--detach')).toMatchObject({ code: 0 });
  expect(called('create_build')).toBe(1);
  write({ ci: { build: { ...jobs.ci.build, status: { ...jobs.ci.build.status, tool: 'cancel_build' } } } });
  expect(await mcpTasks(...CALL)).toMatchObject({ code: 2, stderr: expect.stringContaining('not-confirmed') });
  const [{ task }] = JSON.parse((await mcpTasks('list', '--json')).stdout).tasks;
  expect((await mcpTasks('get', task.id, '--json')).stdout).toContain('compiling');
  expect(called('cancel_build')).toBe(0);
  write(jobs);
  expect(await mcpTasks('allow', `${FILE}:ci`, '--revoke')).toMatchObject({ code: 0 });
  expect(await mcpTasks(...CALL)).toMatchObject({ code: 2 });
});

test('a personal mapping overrides a confirmed project mapping; a broken project file breaks nothing', async () => {
  const { mcpTasks, write, map, called } = createProject();
  map(jobs);
  write({ ci: { build: { ...jobs.ci.build, start: { tool: 'cancel_build', id: '/number' } } } });
  await mcpTasks('allow', FILE);
  expect(await mcpTasks('call', 'ci', 'build', '--arg', 'branch=main', '--detach')).toMatchObject({ code: 0 });
  expect([called('create_build'), called('cancel_build')]).toEqual([1, 0]);
  write({ ci: { build: 7 } });
  expect(await mcpTasks('tools', 'ci', 'build')).toMatchObject({ code: 0 });
  expect(await mcpTasks('allow', FILE)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('does not describe jobs'),
  });
});
