import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from './pack.ts';

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('a fresh clone, an empty home, and no pnpm on the path', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-tasks-clone-'));
  const clone = join(folder, 'clone');
  const home = join(folder, 'home');

  function npm(...args: string[]): Run {
    const path = [dirname(process.execPath), ...(process.env.PATH ?? '').split(delimiter)];
    const bare = path.filter((each) => !each.includes('node_modules') && !existsSync(join(each, 'pnpm')));
    const env = { PATH: bare.join(delimiter), HOME: home };
    const { status, stdout, stderr } = spawnSync('npm', args, { cwd: clone, env, encoding: 'utf8', timeout: 240_000 });
    return { code: status, stdout, stderr };
  }

  beforeAll(() => {
    mkdirSync(home);
    execFileSync('git', ['clone', '--quiet', '--no-hardlinks', root, clone]);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('npm run demo installs, builds, and prints its story as plain lines with its own answers labelled', () => {
    const { code, stdout, stderr } = npm('run', '--silent', 'demo');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('List the records: mcp-tasks list') });
    expect(stderr).toMatch(/\nFrom this clone, mcp-tasks is: npm run mcp-tasks --\n$/);
    expect(stderr).toMatch(/Installing dependencies \(once\)…\n[\s\S]*Progress: [\s\S]*Building…\n/);
    const lines = stdout.trim().split('\n');
    // The order of the first progress lines depends on the machine.
    const begun = lines.filter((line) => line.endsWith(' on demo'));
    expect(begun.slice(0, 4).map((line) => line.replace(/^\w+ +/, ''))).toEqual([
      'release on demo',
      'report on demo',
      'import on demo',
      'batch on demo',
    ]);
    const release = begun[0]?.split(' ')[0] ?? '';
    const ofRelease = lines.filter((line) => line.startsWith(release)).map((line) => line.slice(release.length).trim());
    const asked = ofRelease.findIndex((line) =>
      line.startsWith('asks approval: Release checkout 2.4.0 to production?'),
    );
    const answered = ofRelease.findIndex((line) =>
      line.startsWith('the demo\'s script answers approval: {"action":"accept"'),
    );
    expect([asked > 0, answered > asked], stdout).toEqual([true, true]);
    expect(ofRelease.at(-1), stdout).toMatch(/^completed after \d+ s: checkout 2.4.0 is live on production/);
    expect(lines.filter((line) => /failed after \d+ s/.test(line))).toEqual([expect.stringContaining('row 3211')]);
  });

  test('the demo installs less than 150 MB, without the dependencies of the tests', () => {
    expect(
      Number.parseInt(execFileSync('du', ['-sm', join(clone, 'node_modules')], { encoding: 'utf8' }), 10),
    ).toBeLessThan(150);
    expect(existsSync(join(clone, 'test/node_modules'))).toBe(false);
  });

  test('npm run mcp-tasks runs the command, and prints nothing else to stdout', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8'));
    expect(npm('run', '--silent', 'mcp-tasks', '--', '--version')).toEqual({
      code: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
  });

  test('npm run mcp-tasks builds again when a source has changed, and only then', () => {
    const source = join(clone, 'packages/cli/src/program.ts');
    const summary = 'One terminal for every durable task';
    writeFileSync(source, readFileSync(source, 'utf8').replace(summary, 'A changed word for every task'));
    const first = npm('run', '--silent', 'mcp-tasks', '--', '--help');
    expect(first).toMatchObject({ code: 0, stderr: 'Building…\n' });
    expect(first.stdout).toContain('A changed word for every task');
    expect(npm('run', '--silent', 'mcp-tasks', '--', '--help')).toEqual({ ...first, stderr: '' });
  });
});

describe('the script behind the jobs', () => {
  function runJob(job: string, ...nodeFlags: string[]): Run {
    const args = [...nodeFlags, join(root, 'scripts/run.mjs'), job];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    return { code: status, stdout, stderr };
  }

  test('reports that Node is too old before it does anything', () => {
    const older = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.18.3"})';
    const needed = 'mcp-tasks needs Node >=20.19; this is 20.18.3. Get a newer one: https://nodejs.org\n';
    expect(runJob('demo', '--import', older)).toEqual({ code: 2, stdout: '', stderr: needed });
  });

  test('lists its jobs when the given one is unknown', () => {
    const known = expect.stringMatching(/^Unknown job "tests"\. Jobs: build, check, test, .*demo, mcp-tasks\n$/);
    expect(runJob('tests')).toEqual({ code: 2, stdout: '', stderr: known });
  });
});
