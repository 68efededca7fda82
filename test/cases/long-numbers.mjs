// mcp-tasks call find --arg id=1234567890123456789 -- node long-numbers.mjs     (and --args '{"id":1234567890123456789}')
// Expected: the number arrives digit for digit, or is refused with the reason before anything is sent. Never another id.
// The result has 1234567890123456789 too: `--json` shows the same digits, or reports that they were lost.
import readline from 'node:readline';

const put = (t) => process.stdout.write(`${t}\n`);
readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const m = JSON.parse(line);
  const ok = (r) => put(`{"jsonrpc":"2.0","id":${JSON.stringify(m.id)},"result":${r}}`);
  if (m.id === undefined) return;
  if (m.method === 'initialize')
    return ok(
      `{"protocolVersion":"${m.params.protocolVersion}","capabilities":{"tools":{}},"serverInfo":{"name":"n","version":"1"}}`,
    );
  if (m.method === 'tools/list')
    return ok(
      '{"tools":[{"name":"find","inputSchema":{"type":"object","properties":{"id":{"type":"integer"}}}},{"name":"need","inputSchema":{"type":"object","properties":{"id":{"type":"integer","default":1234567890123456789}},"required":["id"]}}]}',
    );
  if (m.method === 'tools/call')
    return ok(
      `{"content":[{"type":"text","text":${JSON.stringify(`got ${/"id":(\d+)[},]/.exec(line.slice(line.indexOf('arguments')))?.[1]}`)}}],"structuredContent":{"id":1234567890123456789}}`,
    );
  put(`{"jsonrpc":"2.0","id":${JSON.stringify(m.id)},"error":{"code":-32601,"message":"no"}}`);
});
