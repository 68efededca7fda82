import { expect, test } from 'vitest';
import { EVERYTHING_STDIO, serveEverything } from '../connect/support.ts';
import { freshHome, listed, run, terminal } from './support.ts';

const RESEARCH = 'simulate-research-query';

/** `target` is the target argument, `afterDashes` the arguments after `--`. */
async function overHttp() {
  const { url, stop } = await serveEverything();
  return { target: [url], afterDashes: [] as readonly string[], stop };
}

async function overStdio() {
  if (EVERYTHING_STDIO.kind !== 'command') throw new Error('It is a command');
  const afterDashes = ['--', EVERYTHING_STDIO.command, ...EVERYTHING_STDIO.args];
  return { target: [] as readonly string[], afterDashes, stop: async () => undefined };
}

const TRANSPORTS = [
  ['Streamable HTTP', overHttp],
  ['stdio', overStdio],
] as const;

test.each(TRANSPORTS)(
  'the published server-everything lists its tools, echoes, and completes its research task (%s)',
  async (_name, open) => {
    const home = freshHome();
    const { target, afterDashes, stop } = await open();
    const tools = await run(['tools', ...target, '--json', ...afterDashes], { home });
    const offered = JSON.parse(tools.stdout) as { tools: { name: string; taskSupport: string }[]; revision: string };
    expect(offered.revision).toBe('2025-11-25');
    const support = Object.fromEntries(offered.tools.map((tool) => [tool.name, tool.taskSupport]));
    expect(support).toMatchObject({ [RESEARCH]: 'required', echo: 'forbidden' });
    const table = await run(['tools', ...target, ...afterDashes], { home });
    expect(table.stdout).toMatch(new RegExp(`^${RESEARCH} +always `, 'm'));
    expect(table.stdout).toMatch(/^echo +no +message:string /m);

    const echo = await run(['call', ...target, 'echo', '--arg', 'message=hi', ...afterDashes], { home });
    expect(echo).toMatchObject({ code: 0, stdout: 'Echo: hi\n' });

    const research = await run(['call', ...target, RESEARCH, '--arg', 'topic=rust', ...afterDashes], { home });
    expect(research).toMatchObject({ code: 0, stdout: expect.stringContaining('# Research Report: rust') });
    const [newest] = (await listed(home)).filter(({ task }) => task.taskId !== null);
    expect(newest).toMatchObject({ task: { status: 'completed', phase: 'settled' } });
    await stop();
  },
);

test.each(TRANSPORTS)('the question of server-everything is answered in the form of call (%s)', async (_name, open) => {
  const home = freshHome();
  const { target, afterDashes, stop } = await open();
  const words = [...target, RESEARCH, '--arg', 'topic=python', '--arg', 'ambiguous=true', ...afterDashes];
  await using term = terminal(['call', ...words], { home, columns: 100, rows: 40 });
  await term.waitFor('Ctrl-R review');
  term.press('space');
  await term.waitFor('(x) Python programming language');
  term.press('ctrlR');
  await term.waitFor('Accept');
  term.press('enter');
  await term.waitForOutput('Research Report: python');
  expect(await term.exited).toEqual({ code: 0, signal: undefined });
  await stop();
});
