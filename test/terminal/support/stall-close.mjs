// Preloaded into the view: once the alternate screen is closed, the process stalls until the file $GO exists, and then
// for longer than the drain of the keyboard takes.
import { existsSync } from 'node:fs';

const write = process.stdout.write.bind(process.stdout);
const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

function stall() {
  while (!existsSync(process.env.GO)) sleep(10);
  sleep(1_500);
}

process.stdout.write = (chunk, ...rest) => {
  if (String(chunk).includes('\u001b[?1049l')) process.nextTick(stall);
  return write(chunk, ...rest);
};
