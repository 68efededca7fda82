import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { NODE_24 } from '../../demo/support.ts';
import { CHILD, type ClientEvent, type Instructions } from './contender.ts';

export interface ClientRun {
  readonly events: readonly ClientEvent[];
  /** The final line, when it came in time. */
  readonly ended: Extract<ClientEvent, { kind: 'ended' }> | undefined;
  readonly tookMs: number;
}

interface RunLimits {
  readonly limitMs: number;
  /** A surviving client may also reach the limit. @default false */
  readonly reachable?: boolean;
  /** How long the process may run after its final line, in ms. @default 0 */
  readonly lingerMs?: number;
  /** Another line that ends the run. */
  readonly enough?: (event: ClientEvent) => boolean;
}

/** Timeout factor: our client must survive on very busy machines; the others are timed on quiet ones. */
const SLACK = 8;

/** Runs one client in its own process until it reports its end, `enough` matches, or the time is up. */
export async function runChild(
  instructions: Instructions,
  { limitMs, reachable = false, lingerMs = 0, enough }: RunLimits,
): Promise<ClientRun> {
  let startedAt = Date.now();
  const child = spawn(NODE_24, ['--no-warnings', CHILD, JSON.stringify(instructions)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const events: ClientEvent[] = [];
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = `${stderr}${chunk}`.slice(-500);
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve) => {
    const slack = instructions.contender === 'ours' && !reachable ? SLACK : 1;
    const late = setTimeout(resolve, limitMs * slack);
    const done = (): void => {
      clearTimeout(late);
      resolve();
    };
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = JSON.parse(line) as ClientEvent;
      events.push(event);
      if (event.kind === 'calling') startedAt = Date.now();
      if (event.kind === 'ended' || enough?.(event) === true) done();
    });
    void exited.then(() => {
      if (!events.some(({ kind }) => kind === 'ended') && stderr !== '') {
        events.push({
          kind: 'ended',
          status: 'crashed',
          text: stderr.split('\n').find((line) => line.includes('Error')),
        });
      }
      done();
    });
  });
  if (lingerMs > 0) await Promise.race([exited, sleep(lingerMs)]);
  const tookMs = Date.now() - startedAt - lingerMs;
  child.kill('SIGKILL');
  await exited;
  const ended = events.find((event) => event.kind === 'ended');
  return { events, ended, tookMs };
}
