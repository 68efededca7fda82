// A server over stdio with a value nested 100,000 levels deep, in the place that its argument names.
import readline from 'node:readline';

const [, , place] = process.argv;
const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
const at = (name, text, usual = '') => (place === name ? text : usual);
const put = (text) => process.stdout.write(`${text}\n`);
let call;

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params, error } = JSON.parse(line);
  const answer = (to, text) => put(`{"jsonrpc":"2.0","id":${JSON.stringify(to)},${text}}`);
  if (id === 'deep') return answer(call, `"result":{"content":[{"type":"text","text":"got ${error?.code}"}]}`);
  if (id === undefined) return;
  if (method === 'initialize') {
    const { protocolVersion } = params;
    const capabilities = `{"tools":{}${at('initialize', `,"experimental":{"x":${deep}}`)}}`;
    const server = '{"name":"deep","version":"1"}';
    return answer(
      id,
      `"result":{"protocolVersion":"${protocolVersion}","capabilities":${capabilities},"serverInfo":${server}}`,
    );
  }
  if (method === 'tools/list') {
    const schema = `{"type":"object"${at('schema', `,"properties":{"p":${deep.replaceAll('"a"', '"not"')}}`)}}`;
    return answer(id, `"result":{"tools":[{"name":"t","inputSchema":${schema}${at('tool', `,"x":${deep}`)}}]}`);
  }
  if (method === 'tools/call') {
    call = id;
    if (place === 'request') return put(`{"jsonrpc":"2.0","id":"deep","method":"elicitation/create","params":${deep}}`);
    if (place === 'notification') put(`{"jsonrpc":"2.0","method":"notifications/message","params":{"data":${deep}}}`);
    if (place === 'error') return answer(id, `"error":{"code":-32000,"message":"no room","data":${deep}}`);
    return answer(
      id,
      `"result":{"content":[{"type":"text","text":"hi"}]${at('result', `,"structuredContent":${deep}`)}}`,
    );
  }
  answer(id, '"error":{"code":-32601,"message":"no such method"}');
});
