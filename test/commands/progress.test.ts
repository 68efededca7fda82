import { expect, onTestFinished, test } from 'vitest';
import { type Act, startFaulty } from '../faults/start-faulty.ts';
import { freshHome, run, terminal } from './support.ts';

/** A server without tasks whose slow tool sends progress on the stream of the call. */
async function serve(steps: number, stepMs: number): Promise<string> {
  const call = (token: unknown): Act => ({
    async stream({ send, finish }) {
      for (let step = 1; step <= steps; step += 1) {
        send({
          method: 'notifications/progress',
          params: { progressToken: token as string, progress: step, total: steps, message: `Packing box ${step}` },
        });
        await new Promise((resolve) => setTimeout(resolve, stepMs));
      }
      finish({ content: [{ type: 'text', text: 'packed' }] });
    },
  });
  const server = await startFaulty(
    ({ method, params }) => {
      const meta = params._meta as { progressToken?: unknown } | undefined;
      return method === 'tools/call' ? call(meta?.progressToken) : undefined;
    },
    { revision: '2025-11-25', taskSupport: 'forbidden' },
  );
  onTestFinished(() => server.stop());
  return server.url;
}

test('on a terminal a long call of a server without tasks shows its elapsed time and progress on one line', async () => {
  const url = await serve(40, 100);
  await using screen = terminal(['call', url, 'deploy'], { home: freshHome(), columns: 100 });
  await screen.waitFor(/deploy {2}\d+ s.* {2}\d+\/40 {2}Packing box \d+/);
  const { code } = await screen.exited;
  expect(code).toBe(0);
  expect(screen.scrollback()).toMatch(/packed/);
  // Past progress lines do not stay in the scrollback.
  expect(screen.scrollback()).not.toContain('Packing box');
});

test('in a pipe a long call prints its title, then its progress every few seconds', async () => {
  const { code, stdout, stderr } = await run(['call', await serve(40, 70), 'deploy'], { home: freshHome() });
  expect([code, stdout]).toEqual([0, 'packed\n']);
  expect(stderr).toMatch(/(\w+) {2}deploy on 127\.0\.0\.1:\d+\n\1 {2}\d+\/40 {2}Packing box \d+\n/);
  expect(stderr.split('\n').length).toBeLessThan(6);
});

test('the command of a slow stdio server is printed after two seconds', async () => {
  const source = 'setTimeout(() => process.exit(1), 4000)';
  const { stderr } = await run(['call', 'x', '--', process.execPath, '-e', source], { home: freshHome() });
  expect(stderr).toContain(`Starting ${process.execPath} -e 'setTimeout(() => process.exit(1), 4000)' …`);
});
