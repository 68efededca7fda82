import { once } from 'node:events';
import type { Context } from '../context.ts';

/** Whether the next line of the terminal begins with yes. @throws the abort reason of `interrupt` */
export async function readYes({ stdin, interrupt }: Context): Promise<boolean> {
  stdin.resume();
  try {
    const [chunk] = (await once(stdin, 'data', { signal: interrupt })) as [Buffer | string];
    return /^y(es)?$/i.test(chunk.toString().trim());
  } finally {
    stdin.pause();
  }
}
