import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BIN, run } from '../commands/support.ts';
import { verifies } from '../faults/scenarios.ts';
import { openTerminal } from '../support/terminal.ts';
import { freshHome, serveDemo, watch } from './support/watch.ts';

/** Starts a call of `batch` from the view, with this many items. */
async function callBatch(term: Awaited<ReturnType<typeof watch>>, items: number): Promise<void> {
  await term.waitFor('n new call');
  term.write('n');
  await term.waitFor(/❯ batch /);
  term.press('enter');
  await term.waitFor(/❯ Items/i);
  term.press('ctrlU');
  term.write(`${items}\r`);
  await term.waitFor('[ Call ]');
  term.press('enter');
}

test(
  verifies('M5', 'with an unwritable home the view works, and every page warns about what is not saved'),
  async () => {
    const home = freshHome();
    const demo = await serveDemo(home);
    writeFileSync(join(home, 'taken'), '');
    await using term = watch(home, [demo.url, '--keep-open'], { env: { MCP_TASKS_HOME: join(home, 'taken') } });
    await term.waitFor('NOT SAVED: tasks of this process are lost when it ends.');
    await callBatch(term, 600);
    await term.waitFor(/◐ (?:\w+ +)?batch/);
    expect(term.screen()).toContain('NOT SAVED');
    term.press('enter');
    expect(await term.waitFor(/status +working/)).toContain('NOT SAVED');
    term.press('escape');
    await term.waitFor('q leave');
    term.write('q');
    expect(await term.exited).toMatchObject({ code: 0 });
    const left = term.scrollback();
    expect(left).toContain('NOT SAVED: tasks of this process are lost when it ends.');
    expect(left.replaceAll('\n', '')).toMatch(/process can resume it; 127\.0\.0\.1:\d+ ?knows it as ?[\w-]{20}/);
    expect(left).not.toContain('mcp-tasks wait');
    await demo.stop();
  },
);

test(
  verifies('M5', 'a full disk is reported in the view, and the task keeps the state that was last saved'),
  async () => {
    const home = freshHome();
    const demo = await serveDemo(home);
    await run(['list'], { home });
    // A file size limit of 64 KB acts on SQLite like a full disk. It also raises SIGXFSZ, which ends Ink: ignore it.
    const ignoreSigxfsz = "--import=data:text/javascript,process.on('SIGXFSZ',()=>undefined)";
    const limited = ['-c', 'ulimit -f 64; exec "$@"', 'bash', process.execPath, BIN, 'watch', demo.url, '--keep-open'];
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: home,
      MCP_TASKS_HOME: join(home, 'state'),
      LANG: 'C.UTF-8',
      NODE_OPTIONS: ignoreSigxfsz,
    };
    await using term = openTerminal('bash', limited, { cwd: home, env });
    await callBatch(term, 30);
    expect(await term.waitFor('NOT SAVED: batch (')).toContain('MCP_TASKS_HOME');
    expect(term.screen()).toMatch(/batch \([\w-]{24}\) keeps the state that was last saved/);
    term.write('q');
    expect(await term.exited).toMatchObject({ code: 0 });
    expect(term.scrollback()).toContain('NOT SAVED: batch (');
    await demo.stop();
  },
);
