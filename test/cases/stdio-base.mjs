// A line-by-line JSON-RPC server over stdio for the files beside it. `answers` maps a method to a result or a function.
import readline from 'node:readline';
export const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
export function serve(answers) {
  readline.createInterface({ input: process.stdin }).on('line', (line) => {
    if (line.trim() === '') return;
    const m = JSON.parse(line);
    if (m.method === undefined) return answers.onReply?.(m);
    if (m.id === undefined) return;
    const known = answers[m.method];
    if (known === undefined) return send({ id: m.id, error: { code: -32601, message: 'Method not found' } });
    const result = typeof known === 'function' ? known(m) : known;
    if (result !== undefined) send({ id: m.id, result });
  });
}
export const initialize = (m) => ({
  protocolVersion: m.params.protocolVersion,
  capabilities: { tools: {} },
  serverInfo: { name: 'sample', version: '1' },
});
export const text = (t) => ({ content: [{ type: 'text', text: t }] });
