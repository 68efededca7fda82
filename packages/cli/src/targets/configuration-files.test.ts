import { expect, test } from 'vitest';
import { configurationFiles, fileAt, isJobsFile, projectJobsFiles } from './configuration-files.ts';

const place = (cwd: string) => ({ cwd, homeDirectory: '/home/ada', platform: 'linux', env: {} }) as const;
const projectsOf = (cwd: string) => [
  ...new Set(
    configurationFiles(place(cwd)).flatMap(({ owner, directory }) => (owner === 'project' ? [directory] : [])),
  ),
];

test('project directories run upwards from the current one, without the home and the root', () => {
  expect(projectsOf('/home/ada/work/shop')).toEqual(['/home/ada/work/shop', '/home/ada/work']);
  expect(projectsOf('/srv/shop')).toEqual(['/srv/shop', '/srv']);
});

test('in the home directory its configuration files belong to the person, not to a project', () => {
  const files = configurationFiles(place('/home/ada')).filter(({ path }) => path === '/home/ada/.cursor/mcp.json');
  expect(files).toMatchObject([{ owner: 'person', host: 'Cursor' }]);
});

test('a file named on the command line belongs to a project, unless it is a known file of the person', () => {
  expect(fileAt('/home/ada/.codex/config.toml', place('/srv'))).toMatchObject({ owner: 'person', format: 'toml' });
  expect(fileAt('/tmp/x/.vscode/mcp.json', place('/srv'))).toMatchObject({ owner: 'project', directory: '/tmp/x' });
  expect(fileAt('/tmp/x/goose.yml', place('/srv'))).toMatchObject({ directory: '/tmp/x', format: 'yaml' });
});

test('job mappings of a project are in .mcp-tasks/jobs.json', () => {
  expect(projectJobsFiles(place('/srv/shop')).map(({ path }) => path)).toEqual([
    '/srv/shop/.mcp-tasks/jobs.json',
    '/srv/.mcp-tasks/jobs.json',
  ]);
  expect([isJobsFile('/srv/.mcp-tasks/jobs.json'), isJobsFile('/srv/jobs.json')]).toEqual([true, false]);
});
