// A 2025-11-25 server over stdio with one protocol violation per method.
import { execFileSync } from 'node:child_process';
import { createInterface } from 'node:readline';

const write = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const serverInfo = { name: 'odd', version: '1' };
const initialized = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo };
const lines = createInterface({ input: process.stdin });
let answered;

console.error('odd server: ready');
lines.on('line', (line) => {
  const { id, method, result, error } = JSON.parse(line);
  if (method === undefined) return answered?.(result ?? error);
  if (method === 'server/discover' && process.argv.includes('--dies-of-discovery')) process.exit(1);
  if (method === 'initialize') return write({ id, result: initialized });
  if (id === undefined) return;
  switch (method) {
    case 'group': {
      const group = execFileSync('ps', ['-o', 'pgid=', '-p', String(process.pid)], { encoding: 'utf8' });
      return write({ id, result: { pid: process.pid, group: Number(group) } });
    }
    case 'env':
      return write({ id, result: process.env });
    case 'garbage':
      process.stdout.write('Listening on port 3000!\n{"jsonrpc":"2.0","id":\n[1,2]\n');
      return write({ id, result: {} });
    case 'huge':
      process.stdout.write('{"jsonrpc":"2.0","id":"x","result":"');
      for (let mb = 0; mb < 100; mb += 1) process.stdout.write('a'.repeat(1024 * 1024));
      return process.stdout.write('"}\n');
    case 'large':
      return write({ id, result: { text: 'a'.repeat(20 * 1024 * 1024) } });
    case 'die':
      console.error('out of memory');
      process.stdout.write('{"jsonrpc":"2.0","id":1,"res', () => process.exit(9));
      return;
    case 'stay':
      lines.on('close', () => setInterval(() => {}, 1000));
      process.on('SIGTERM', () => console.error('not yet'));
      return write({ id, result: {} });
    case 'ask':
      answered = (answer) => write({ id, result: { answer } });
      return write({ id: 'q1', method: 'elicitation/create', params: { message: 'Sure?', strange: { extra: true } } });
    default:
      return write({ id, error: { code: -32601, message: 'Method not found' } });
  }
});
