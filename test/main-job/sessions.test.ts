import { expect, test } from 'vitest';
import { serveEverything } from '../connect/support.ts';
import { verifies } from '../faults/scenarios.ts';
import { freshHome, onlyTask, run, start } from './support.ts';

const RESEARCH = ['simulate-research-query', '--arg', 'topic=sessions'];

test(
  verifies('X4', 'a task in an HTTP session is resumed by another process, after --detach and after kill -9'),
  async () => {
    const home = freshHome();
    const server = await serveEverything();
    const detached = await run(['call', server.url, ...RESEARCH, '--detach'], { home });
    expect(detached.code).toBe(0);
    const { id } = await onlyTask(home);
    const waiting = start(['wait', id], { home });
    // The task takes four seconds: a slower machine finds it completed.
    await waiting.waitFor(new RegExp(`${id} {2}(working|completed)`));
    waiting.process.kill('SIGKILL');
    await waiting.done;
    const waited = await run(['wait', id], { home });
    expect(waited).toMatchObject({ code: 0, stdout: expect.stringContaining('# Research Report: sessions') });
    await server.stop();
    expect(await run(['result', id], { home })).toMatchObject({ code: 0, stdout: waited.stdout });
  },
);

test(
  verifies('X4', 'a task whose server has forgotten the session is expired, and the error mentions the session'),
  async () => {
    const home = freshHome();
    const server = await serveEverything();
    await run(['call', server.url, ...RESEARCH, '--detach'], { home });
    const { id } = await onlyTask(home);
    await server.stop();
    const again = await serveEverything(server.port);
    const waited = await run(['wait', id], { home });
    expect(waited).toMatchObject({ code: 1, stdout: '' });
    expect(waited.stderr).toContain(`${id}  expired: the server no longer knows the task`);
    expect(waited.stderr).toMatch(/session/i);
    await again.stop();
  },
);
