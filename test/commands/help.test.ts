import { expect, test } from 'vitest';
import { freshHome, run } from './support.ts';

const home = freshHome();

async function helpOf(...words: readonly string[]): Promise<string> {
  return (await run([...words, '--help'], { home })).stdout;
}

/** Command names in the main help. */
async function commands(): Promise<readonly string[]> {
  const listed = [...(await helpOf()).matchAll(/^ {2}([a-z]+)(?: [<[]| {2,})/gm)].map(([, name = '']) => name);
  expect(listed).toEqual(expect.arrayContaining(['watch', 'call', 'keepers', 'completion', 'help']));
  return listed.filter((name) => name !== 'help');
}

test('no line of any help is longer than 80 columns', async () => {
  const pages = await Promise.all([[], ...(await commands()).map((name) => [name])].map((words) => helpOf(...words)));
  const wide = pages.flatMap((page) => page.split('\n')).filter((line) => [...line].length > 80);
  expect(wide).toEqual([]);
});

test('the help of every command has examples of that command', async () => {
  for (const name of await commands()) {
    const [, examples = ''] = (await helpOf(name)).split('\nExamples:\n');
    expect(examples, name).toMatch(new RegExp(`^  .*mcp-tasks ${name}\\b`, 'm'));
  }
});
