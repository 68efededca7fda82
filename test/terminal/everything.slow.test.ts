import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVERYTHING_STDIO, type Served, serveEverything } from '../connect/support.ts';
import { freshHome, watch } from './support/watch.ts';

let served: Served;
beforeAll(async () => {
  served = await serveEverything();
});
afterAll(() => served.stop());

const overStdio = EVERYTHING_STDIO.kind === 'command' ? ['--', EVERYTHING_STDIO.command, ...EVERYTHING_STDIO.args] : [];

test.each([
  ['stdio', () => overStdio],
  ['HTTP', () => [served.url]],
] as const)(
  "the live view calls the reference server's research, answers its question and shows its result, over %s",
  async (_way, target) => {
    const home = freshHome();
    await using term = watch(home, ['--keep-open', ...target()]);
    await term.waitFor(/that can be tasks:\s+simulate-research-query/);
    term.write('n');
    await term.waitFor(/❯ simulate-research-query/);
    expect(term.screen()).toMatch(/echo +no task support/);
    term.press('enter');
    await term.waitFor(/❯ topic \* required/);
    term.write('space elevators\r');
    await term.waitFor(/❯ ambiguous/);
    term.write('y\r');
    expect(await term.waitFor('[ Call ]')).toMatch(/ambiguous +yes/);
    term.press('enter');
    await term.waitFor(/◐ (?:\w+ +)?simulate-resear/);
    await term.waitFor('1 needs input');
    term.write('a');
    await term.waitFor(/❯ Clarification \* required/);
    term.press('enter');
    await term.waitFor('✗ choose one');
    term.press('down', 'down', 'enter');
    await term.waitFor('[ Accept ]');
    term.press('enter');
    await term.waitFor(/● (?:\w+ +)?simulate-resear/);
    term.press('enter');
    const detail = await term.waitFor(/status +completed\n/);
    expect(detail).toContain('Research Report: space elevators');
    term.press('ctrlC'); // Ctrl-C also ends the stdio server, which would outlive a killed parent
    expect(await term.exited).toMatchObject({ code: 130 });
  },
);

test('a tool that returns at once leaves its result in the list', async () => {
  await using term = watch(freshHome(), ['--keep-open', served.url]);
  await term.waitFor('that can be tasks');
  term.write('n');
  await term.waitFor(/❯ simulate/);
  term.write('echo');
  await term.waitFor(/❯ echo/);
  term.press('enter');
  await term.waitFor('Call echo');
  term.write('anybody there?\r');
  await term.waitFor('[ Call ]');
  term.press('enter');
  await term.waitFor(/● (?:\w+ +)?echo .*Echo: anybody there\?/);
});
