import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { freshHome, type Run, run } from '../commands/support.ts';
import { createBoardWorld } from '../jobs/board-world.ts';
import { jobs } from '../kinds/four-kinds.ts';

const BUILDS = resolve(import.meta.dirname, '../jobs/build-server.mjs');
const FILE = '.mcp-tasks/jobs.json';

/** A person's build server, in a project with mappings of its own. */
function project() {
  const state = join(freshHome(), 'builds.json');
  const world = createBoardWorld({ script: BUILDS, args: [state] }, { name: 'ci' });
  const cwd = join(world.home, 'project');
  mkdirSync(join(cwd, '.mcp-tasks'), { recursive: true });
  return {
    ...world,
    say: (...words: readonly string[]): Promise<Run> => run(words, { home: world.home, cwd }),
    write: (content: unknown) => writeFileSync(join(cwd, FILE), JSON.stringify(content)),
  };
}

const CALL = ['call', 'ci', 'build', '--arg', 'branch=main', '--json'] as const;

test("no tool is called by the mapping of a project's file that is not confirmed", async () => {
  const { say, write, called } = project();
  write(jobs);
  for (const words of [CALL, [...CALL, '--detach'], ['follow', 'ci', 'build', '1', '--json']]) {
    const { code, stderr } = await say(...words);
    expect([words, code]).toEqual([words, 2]);
    const { error } = JSON.parse(stderr);
    expect(error).toMatchObject({ code: 'not-confirmed', message: `The jobs of "ci" in ${FILE} are not confirmed` });
    expect(error.hint).toContain('build  calls get_build with {"number":"{id}"}');
    expect(error.hint).toContain(`mcp-tasks allow ${FILE}:ci`);
  }
  const tools = await say('tools', 'ci');
  expect(tools.stdout).not.toMatch(/^build /m);
  expect(tools.stderr).toContain(`A project maps jobs of it: mcp-tasks allow ${FILE}:ci`);
  expect((await say('doctor', 'ci')).stdout).toContain(`A project maps jobs of it: mcp-tasks allow ${FILE}:ci`);
  expect([called('create_build'), called('get_build')]).toEqual([0, 0]);
});

test('a confirmed mapping of a project counts until it changes, and for one run without', async () => {
  const { say, write, called } = project();
  write(jobs);
  expect(await say('tools', 'ci', 'build', '--allow-project')).toMatchObject({ code: 0 });
  expect(await say('tools', 'ci', 'build')).toMatchObject({ code: 2 });
  const allowed = await say('allow', FILE);
  expect(allowed).toMatchObject({ code: 0, stdout: expect.stringContaining('build  calls create_build') });
  expect((await say('allow')).stdout).toContain(`${FILE}:ci`);
  expect(await say('call', 'ci', 'build', '--arg', 'branch=main', '--detach')).toMatchObject({ code: 0 });
  expect(called('create_build')).toBe(1);
  write({ ci: { build: { ...jobs.ci.build, status: { ...jobs.ci.build.status, tool: 'cancel_build' } } } });
  expect(await say(...CALL)).toMatchObject({ code: 2, stderr: expect.stringContaining('not-confirmed') });
  const [{ task }] = JSON.parse((await say('list', '--json')).stdout).tasks;
  expect((await say('get', task.id, '--json')).stdout).toContain('compiling');
  expect(called('cancel_build')).toBe(0);
  write(jobs);
  expect(await say('allow', `${FILE}:ci`, '--revoke')).toMatchObject({ code: 0 });
  expect(await say(...CALL)).toMatchObject({ code: 2 });
});

test("a person's own mapping beats the confirmed one of a project, and a broken file of a project breaks nothing", async () => {
  const { say, write, map, called } = project();
  map(jobs);
  write({ ci: { build: { ...jobs.ci.build, start: { tool: 'cancel_build', id: '/number' } } } });
  await say('allow', FILE);
  expect(await say('call', 'ci', 'build', '--arg', 'branch=main', '--detach')).toMatchObject({ code: 0 });
  expect([called('create_build'), called('cancel_build')]).toEqual([1, 0]);
  write({ ci: { build: 7 } });
  expect(await say('tools', 'ci', 'build')).toMatchObject({ code: 0 });
  expect(await say('allow', FILE)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('does not describe jobs'),
  });
});
