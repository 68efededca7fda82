// node oauth.mjs CASE PORT   then, in a terminal: mcp-tasks call http://127.0.0.1:PORT/mcp echo   (open the address it shows)
// Expected, by case:
//   ok oidc noprm nometa step short   signed in
//   slash                https://host and https://host/ name one issuer: signed in, or the error names a way round
//   nullfields emptyuri  optional fields that are null or empty count as absent
//   noresponsetypes tokenform notype expnull as200html   the error names the fault of the AUTHORIZATION server
//                        (not "is this an MCP endpoint"), exit 3; "Signed in" only if there are tokens
//   rsslash rsother      the error names both resources
//   nodcr                the error says that the server has no client registration
//   short-gone           a dead refresh token leads to a new sign-in
import http from 'node:http';

const mode = process.argv[2],
  port = Number(process.argv[3]);
// ORIGIN is the public name of this server behind a proxy.
const O = process.env.ORIGIN ?? `http://127.0.0.1:${port}`;
const log = (...a) => console.error(...a);
const codes = new Map();
const tokens = new Map();
let n = 0;
http
  .createServer((req, res) => {
    let b = '';
    req.on('data', (d) => (b += d));
    req.on('end', () => {
      const u = new URL(req.url, O);
      log(
        req.method,
        req.url.slice(0, 300),
        req.method === 'POST' ? b.slice(0, 300) : '',
        req.headers.authorization ?? '',
      );
      const json = (s, o, h = {}) => {
        res.writeHead(s, { 'content-type': 'application/json', ...h });
        res.end(JSON.stringify(o));
      };
      const meta = {
        issuer: mode === 'slash' ? `${O}/` : O,
        authorization_endpoint: `${O}/authorize`,
        token_endpoint: `${O}/token`,
        registration_endpoint: `${O}/register`,
        response_types_supported: ['code'],
        grant_types_supported: ['authorization_code', 'refresh_token'],
        code_challenge_methods_supported: ['S256'],
        token_endpoint_auth_methods_supported: ['none'],
        scopes_supported: ['read', 'write'],
      };
      if (mode === 'nopkce') delete meta.code_challenge_methods_supported;
      if (mode === 'nodcr') delete meta.registration_endpoint;
      if (mode === 'noresponsetypes') delete meta.response_types_supported;
      if (mode === 'nullfields') {
        meta.jwks_uri = null;
        meta.service_documentation = null;
      }
      if (mode === 'emptyuri') {
        meta.service_documentation = '';
        meta.op_policy_uri = '';
      }
      if (u.pathname.startsWith('/.well-known/oauth-protected-resource')) {
        if (mode === 'noprm' || mode === 'nometa') return json(404, {});
        if (mode === 'prm200html') {
          res.writeHead(200, { 'content-type': 'text/html' });
          return res.end('<html>SPA</html>');
        }
        return json(200, {
          resource:
            mode === 'rsorigin'
              ? O
              : mode === 'rsslash'
                ? `${O}/mcp/`
                : mode === 'rsother'
                  ? 'https://other.example/mcp'
                  : `${O}/mcp`,
          authorization_servers: [mode === 'slash2' ? `${O}/` : O],
          scopes_supported: ['read'],
        });
      }
      if (u.pathname.startsWith('/.well-known/oauth-authorization-server')) {
        if (mode === 'oidc' || mode === 'nometa') return json(404, {});
        if (mode === 'as200html') {
          res.writeHead(200, { 'content-type': 'text/html' });
          return res.end('<html>SPA</html>');
        }
        return json(200, meta);
      }
      if (u.pathname.includes('/.well-known/openid-configuration')) {
        if (mode !== 'oidc') return json(404, {});
        return json(200, {
          ...meta,
          jwks_uri: `${O}/jwks`,
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
        });
      }
      if (u.pathname === '/register') {
        if (mode === 'dcr403')
          return json(403, {
            error: 'access_denied',
            error_description: 'Registration is limited to approved clients',
          });
        if (mode === 'dcr400')
          return json(400, { error: 'invalid_redirect_uri', error_description: 'http redirects are not allowed' });
        const r = JSON.parse(b);
        return json(mode === 'dcr200' ? 200 : 201, { client_id: `c${++n}`, ...r });
      }
      if (u.pathname === '/authorize') {
        const code = `k${++n}`;
        codes.set(code, u.searchParams.get('scope') ?? '');
        const back = new URL(u.searchParams.get('redirect_uri'));
        back.searchParams.set('code', code);
        back.searchParams.set('state', u.searchParams.get('state'));
        if (mode === 'issmix') back.searchParams.set('iss', 'https://evil.example');
        if (mode === 'issslash') back.searchParams.set('iss', `${O}/`);
        res.writeHead(302, { location: back.href });
        return res.end();
      }
      if (u.pathname === '/token') {
        const p = new URLSearchParams(b);
        const scope =
          p.get('grant_type') === 'refresh_token' ? (p.get('scope') ?? 'read') : codes.get(p.get('code')) || 'read';
        const t = `t${++n}`;
        tokens.set(t, { scope, until: Date.now() + (mode.startsWith('short') ? 1500 : 3600e3) });
        if (mode === 'short-gone' && p.get('grant_type') === 'refresh_token')
          return json(400, { error: 'invalid_request', error_description: 'refresh_token is invalid' });
        const o = {
          access_token: t,
          token_type: mode === 'typelower' ? 'bearer' : 'Bearer',
          expires_in: mode === 'expstr' ? '3600' : 3600,
          scope,
          ...(mode === 'short' && p.get('grant_type') === 'refresh_token' ? {} : { refresh_token: `r${n}` }),
        };
        if (mode === 'tokenform') {
          res.writeHead(200, { 'content-type': 'application/x-www-form-urlencoded' });
          return res.end(new URLSearchParams(o).toString());
        }
        if (mode === 'notype') delete o.token_type;
        if (mode === 'expnull') {
          o.expires_in = null;
          o.scope = null;
          o.refresh_token = null;
        }
        return json(200, o);
      }
      if (u.pathname !== '/mcp') return json(404, {});
      const tok = (req.headers.authorization ?? '').replace('Bearer ', '');
      const t = tokens.get(tok);
      const www =
        mode === 'nowww'
          ? {}
          : mode === 'wwwbasic'
            ? { 'www-authenticate': 'Basic realm="x", Bearer realm="mcp"' }
            : mode === 'noprm' || mode === 'nometa'
              ? { 'www-authenticate': 'Bearer' }
              : { 'www-authenticate': `Bearer resource_metadata="${O}/.well-known/oauth-protected-resource/mcp"` };
      if (!t || t.until < Date.now()) return json(401, { error: 'unauthorized' }, www);
      if (req.method !== 'POST') {
        res.writeHead(405);
        return res.end();
      }
      const m = JSON.parse(b);
      if (m.id === undefined) {
        res.writeHead(202);
        return res.end();
      }
      if (mode === 'step' && m.method === 'tools/call' && !t.scope.includes('write'))
        return json(
          403,
          { error: 'insufficient_scope' },
          {
            'www-authenticate': `Bearer error="insufficient_scope", scope="read write", resource_metadata="${O}/.well-known/oauth-protected-resource/mcp", error_description="Writing needs more"`,
          },
        );
      const ok = (result) => json(200, { jsonrpc: '2.0', id: m.id, result });
      if (m.method === 'initialize')
        return ok({
          protocolVersion: m.params.protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: 'o', version: '1' },
        });
      if (m.method === 'tools/list') return ok({ tools: [{ name: 'echo', inputSchema: { type: 'object' } }] });
      if (m.method === 'tools/call') return ok({ content: [{ type: 'text', text: `done ${t.scope}` }] });
      json(200, { jsonrpc: '2.0', id: m.id, error: { code: -32601, message: 'no' } });
    });
  })
  .listen(port, '127.0.0.1', () => log('up'));
