import type { AgentOAuth } from './read-security.ts';

const RESOURCE = '/.well-known/oauth-protected-resource';
const METADATA = /\/\.well-known\/(oauth-authorization-server|openid-configuration)/;

/**
 * Answers the SDK's OAuth discovery from the agent's card if the servers do not answer it: agents publish in the card
 * what MCP servers publish as metadata.
 */
export function answerFromCard(send: typeof fetch, resource: URL, oauthOf: () => AgentOAuth | undefined): typeof fetch {
  return async (input, init) => {
    const response = await send(input, init);
    const oauth = oauthOf();
    if (response.ok || oauth === undefined) return response;
    const url = new URL(input instanceof Request ? input.url : String(input));
    const issuer = issuerOf(oauth, resource);
    if (url.origin === resource.origin && url.pathname.startsWith(RESOURCE)) {
      return asJson({
        resource: resource.href,
        authorization_servers: [issuer],
        ...(oauth.scopes.length === 0 ? {} : { scopes_supported: oauth.scopes }),
      });
    }
    if (!METADATA.test(url.pathname) || !issuer.startsWith(url.origin)) return response;
    if (oauth.metadataUrl !== undefined && url.href !== oauth.metadataUrl) return send(oauth.metadataUrl, init);
    if (oauth.tokenUrl === undefined) return response;
    return asJson({
      issuer,
      authorization_endpoint: oauth.authorizationUrl ?? oauth.tokenUrl,
      token_endpoint: oauth.tokenUrl,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
    });
  };
}

/** The card names endpoints and no issuer: use their origin as the issuer. */
function issuerOf({ metadataUrl, tokenUrl, authorizationUrl }: AgentOAuth, resource: URL): string {
  if (metadataUrl !== undefined) return metadataUrl.replace(/\/\.well-known\/.*$/, '');
  return new URL(tokenUrl ?? authorizationUrl ?? resource.href).origin;
}

function asJson(body: object): Response {
  return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
}
