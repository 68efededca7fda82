// node http.mjs PORT CASE      then: mcp-tasks call http://127.0.0.1:PORT/mcp echo --arg text=hi
// A server of 2025-11-25 that answers plain JSON, with one quirk per case. Expected:
//   probe-500 probe-202 probe-empty probe-idnull probe-silent   an old server fails at `server/discover`: the client
//                        tries the legacy handshake and ends with exit 0; otherwise the error names the request, the
//                        reply and the real elapsed time
//   ack-400 ack-404 ack-500   `notifications/initialized` is refused: the session stands; continue, or report the refusal
//   why-500 why-400 why-422 why-403 why-429   the call is refused with a reason in the body: show the reason; 429 names
//                        the 30 s; "authentication" only if the server asks for it; a JSON-RPC error with our id is a reply
//   init-version init-error init-caps   the handshake is refused or odd: the error says so, and not "cannot be reached,
//                        is it running?"
//   to-301 to-host       a redirect that is not followed: the error shows its target
//   no-last-line         every stream ends after its data line, without the blank line: the reply is accepted, or "broke
//                        off" is reported at once; not after a silence of 15 s that is then called 30 s
//   error-null           `"error": null` beside a result, as serializers write it: a result
//   json-202             a reply under status 202: a result
import http from 'node:http';

const [, , port, mode] = process.argv;
http
  .createServer((req, res) => {
    let body = '';
    req.on('data', (d) => {
      body += d;
    });
    req.on('end', () => {
      const answer = (status, text, headers = { 'content-type': 'application/json' }) => {
        res.writeHead(status, headers);
        res.end(text);
      };
      if (req.method !== 'POST') return answer(405, '');
      if (mode === 'to-301' && req.url === '/mcp') return answer(301, '', { location: '/mcp/' });
      if (mode === 'to-host' && req.url === '/mcp') return answer(308, '', { location: `http://localhost:${port}/v2` });
      const m = JSON.parse(body);
      const reply = (rest, status = 200) =>
        mode === 'no-last-line'
          ? answer(200, `data: ${JSON.stringify({ jsonrpc: '2.0', id: m.id, ...rest })}\n`, {
              'content-type': 'text/event-stream',
            })
          : answer(
              status,
              JSON.stringify({
                jsonrpc: '2.0',
                id: m.id,
                ...rest,
                ...(mode === 'error-null' && rest.result ? { error: null } : {}),
              }),
            );
      if (m.method === 'server/discover') {
        if (mode === 'probe-500') return answer(500, 'Internal Server Error', { 'content-type': 'text/plain' });
        if (mode === 'probe-202') return answer(202, '');
        if (mode === 'probe-empty') return answer(200, '');
        if (mode === 'probe-idnull')
          return answer(200, '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid Request"}}');
        if (mode === 'probe-silent') return;
      }
      if (m.id === undefined) return answer(mode.startsWith('ack-') ? Number(mode.slice(4)) : 202, '');
      if (m.method === 'initialize') {
        if (mode === 'init-version')
          return reply({
            error: { code: -32602, message: 'Unsupported protocol version', data: { supported: ['2025-06-18'] } },
          });
        if (mode === 'init-error')
          return reply({ error: { code: -32603, message: 'The licence of this server has run out' } });
        const capabilities = { tools: mode === 'init-caps' ? null : {} };
        const result = {
          protocolVersion: m.params.protocolVersion,
          capabilities,
          serverInfo: { name: 'h', version: '1' },
        };
        return mode === 'json-202' ? reply({ result }, 202) : reply({ result });
      }
      if (m.method === 'tools/list')
        return reply({
          result: {
            tools: [{ name: 'echo', inputSchema: { type: 'object', properties: { text: { type: 'string' } } } }],
          },
        });
      if (m.method !== 'tools/call') return reply({ error: { code: -32601, message: 'Method not found' } });
      if (mode === 'why-500')
        return reply({ error: { code: -32603, message: 'the disk is full', data: { path: '/var' } } }, 500);
      if (mode === 'why-400')
        return answer(400, '{"jsonrpc":"2.0","id":null,"error":{"code":-32602,"message":"text is too short"}}');
      if (mode === 'why-422') return answer(422, '{"detail":"text is too short"}');
      if (mode === 'why-403') return answer(403, '{"message":"Your plan does not include echo"}');
      if (mode === 'why-429')
        return answer(429, '{"error":"rate limit"}', { 'content-type': 'application/json', 'retry-after': '30' });
      const result = { content: [{ type: 'text', text: `echo ${m.params.arguments.text}` }] };
      reply({ result });
    });
  })
  .listen(Number(port), '127.0.0.1');
