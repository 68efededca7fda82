import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { complete } from '../faults/faulty-server.ts';
import { startFaulty } from '../faults/start-faulty.ts';
import { freshHome, run } from './support.ts';

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

let home: string;
let id: string;
beforeAll(async () => {
  home = freshHome();
  const content = [
    { type: 'text', text: 'A picture:' },
    { type: 'image', mimeType: 'image/png', data: PNG.toString('base64') },
    { type: 'resource', resource: { uri: 'file:///../../evil.sh', mimeType: 'text/csv', text: 'a,b\n1,2\n' } },
    { type: 'resource_link', name: 'more', uri: 'https://example.com/more' },
  ];
  const server = await startFaulty(({ method }) =>
    method === 'tools/call' ? complete({ content, structuredContent: { n: 1 } }) : undefined,
  );
  await run(['call', server.url, 'deploy'], { home });
  const { stdout } = await run(['list', '--all', '-q'], { home });
  id = stdout.trim();
  await server.stop();
});

test('result --save writes each part into a directory, under file names that the server does not choose', async () => {
  mkdirSync(join(home, 'out'));
  const { code, stdout, stderr } = await run(['result', id, '--save', 'out'], { home });
  expect([code, stdout]).toEqual([0, '']);
  expect(stderr).toContain(`${id}  saved out/${id}-2.png (image/png, 8 bytes)`);
  expect(readFileSync(join(home, `out/${id}-1.txt`), 'utf8')).toBe('A picture:\nmore https://example.com/more\n');
  expect(readFileSync(join(home, `out/${id}-2.png`))).toEqual(PNG);
  expect(readFileSync(join(home, `out/${id}-3.csv`), 'utf8')).toBe('a,b\n1,2\n');
  expect(JSON.parse(readFileSync(join(home, `out/${id}-4.json`), 'utf8'))).toEqual({ n: 1 });
});

test('result --save to a file numbers the parts and refuses to overwrite a file', async () => {
  expect((await run(['result', id, '--save', 'got.txt'], { home })).code).toBe(0);
  expect(existsSync(join(home, 'got-2.png'))).toBe(true);
  const again = await run(['result', id, '--save', 'got.txt'], { home });
  expect([again.code, again.stderr]).toEqual([
    1,
    expect.stringContaining('got-1.txt already exists and is not overwritten'),
  ]);
});
