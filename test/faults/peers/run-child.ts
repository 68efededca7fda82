import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { NODE_24 } from '../../demo/support.ts';
import { CHILD, type Errand, type Word } from './contender.ts';

export interface Heard {
  readonly words: readonly Word[];
  /** The final line, when it came in time. */
  readonly ended: Extract<Word, { kind: 'ended' }> | undefined;
  readonly tookMs: number;
}

interface Patience {
  readonly limitMs: number;
  /** A surviving client may also reach the limit. @default false */
  readonly reachable?: boolean;
  /** How long the process may run after its final line, in ms. @default 0 */
  readonly lingerMs?: number;
  /** Another line that ends the run. */
  readonly enough?: (word: Word) => boolean;
}

/** Timeout factor: our client must survive on very busy machines; the others are timed on quiet ones. */
const PATIENCE = 8;

/** Runs one client in its own process until it reports its end, `enough` matches, or the time is up. */
export async function runChild(
  errand: Errand,
  { limitMs, reachable = false, lingerMs = 0, enough }: Patience,
): Promise<Heard> {
  let startedAt = Date.now();
  const child = spawn(NODE_24, ['--no-warnings', CHILD, JSON.stringify(errand)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const words: Word[] = [];
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-500);
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve) => {
    const patience = errand.contender === 'ours' && !reachable ? PATIENCE : 1;
    const late = setTimeout(resolve, limitMs * patience);
    const done = (): void => {
      clearTimeout(late);
      resolve();
    };
    createInterface({ input: child.stdout }).on('line', (line) => {
      const word = JSON.parse(line) as Word;
      words.push(word);
      if (word.kind === 'calling') startedAt = Date.now();
      if (word.kind === 'ended' || enough?.(word) === true) done();
    });
    void exited.then(() => {
      if (!words.some(({ kind }) => kind === 'ended') && said !== '') {
        words.push({
          kind: 'ended',
          status: 'crashed',
          words: said.split('\n').find((line) => line.includes('Error')),
        });
      }
      done();
    });
  });
  if (lingerMs > 0) await Promise.race([exited, sleep(lingerMs)]);
  const tookMs = Date.now() - startedAt - lingerMs;
  child.kill('SIGKILL');
  await exited;
  const ended = words.find((word) => word.kind === 'ended');
  return { words, ended, tookMs };
}
