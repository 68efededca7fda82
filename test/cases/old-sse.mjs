// node old-sse.mjs PORT        then: mcp-tasks call http://127.0.0.1:PORT/sse echo
// The transport of 2024-11-05: GET /sse gives an `endpoint` event, POST goes there, answers come on the stream. POST /sse is 405.
// Expected: the client uses this transport as the last resort, prints "hello" and exits 0.
import http from 'node:http';

let out;
http
  .createServer((req, res) => {
    let body = '';
    req.on('data', (d) => {
      body += d;
    });
    req.on('end', () => {
      if (req.method === 'GET' && req.url === '/sse') {
        out = res;
        res.writeHead(200, { 'content-type': 'text/event-stream' });
        return res.write('event: endpoint\ndata: /messages?s=1\n\n');
      }
      if (req.method !== 'POST' || !req.url.startsWith('/messages')) {
        res.writeHead(req.url === '/sse' ? 405 : 404);
        return res.end();
      }
      res.writeHead(202);
      res.end('Accepted');
      const m = JSON.parse(body);
      if (m.id === undefined) return;
      const results = {
        initialize: {
          protocolVersion: '2024-11-05',
          capabilities: { tools: {} },
          serverInfo: { name: 's', version: '1' },
        },
        'tools/list': { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] },
        'tools/call': { content: [{ type: 'text', text: 'hello' }] },
      };
      const rest = results[m.method] ? { result: results[m.method] } : { error: { code: -32601, message: 'no' } };
      out.write(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id: m.id, ...rest })}\n\n`);
    });
  })
  .listen(Number(process.argv[2]), '127.0.0.1');
