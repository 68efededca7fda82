import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CHILD, type FiguresOf, type Measurement } from './measurement.ts';

/** Runs one measurement in its own process. */
export async function measure<E extends Measurement>(node: string, measurement: E): Promise<FiguresOf[E['kind']]> {
  const child = spawn(node, ['--no-warnings', '--expose-gc', CHILD, JSON.stringify(measurement)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = `${stderr}${chunk}`.slice(-2_000);
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${JSON.stringify(measurement)} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as FiguresOf[E['kind']];
}
