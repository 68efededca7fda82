import { isJsonObject, type JsonObject } from '../../task/json.ts';

/** Sign-in methods in an agent's card. */
export interface AgentSecurity {
  /** Header, parameter or cookie of the API key, if the agent accepts one. */
  readonly apiKey?: { readonly in: 'header' | 'query' | 'cookie'; readonly name: string } | undefined;
  /** True if the agent accepts a token in `Authorization`. */
  readonly acceptsBearer: boolean;
  readonly oauth?: AgentOAuth | undefined;
  /** Kinds of its security schemes, for people. */
  readonly kinds: readonly string[];
}

export interface AgentOAuth {
  readonly authorizationUrl?: string | undefined;
  readonly tokenUrl?: string | undefined;
  /** URL of the authorization server's metadata. */
  readonly metadataUrl?: string | undefined;
  readonly scopes: readonly string[];
}

/** 0.3 distinguishes schemes by `type`, 1.0 by the name of the field that holds the scheme. */
const KINDS = {
  apiKey: 'apiKeySecurityScheme',
  http: 'httpAuthSecurityScheme',
  oauth2: 'oauth2SecurityScheme',
  openIdConnect: 'openIdConnectSecurityScheme',
  mutualTLS: 'mtlsSecurityScheme',
} as const;
type Kind = keyof typeof KINDS;

export function readSecurity({ securitySchemes }: JsonObject): AgentSecurity {
  const schemes = isJsonObject(securitySchemes) ? Object.values(securitySchemes).filter(isJsonObject) : [];
  const read = schemes.flatMap((each) => kindOf(each) ?? []);
  const of = (wanted: Kind): JsonObject | undefined => read.find(({ kind }) => kind === wanted)?.body;
  const key = of('apiKey');
  const oauth = of('oauth2');
  const openId = of('openIdConnect');
  return {
    kinds: read.map(({ kind, body }) => (kind === 'http' ? `http ${text(body.scheme) ?? ''}`.trim() : kind)),
    acceptsBearer: read.some(({ kind }) => kind === 'http' || kind === 'oauth2' || kind === 'openIdConnect'),
    apiKey: key === undefined ? undefined : readKey(key),
    oauth: oauth === undefined ? (openId === undefined ? undefined : readOpenId(openId)) : readOAuth(oauth),
  };
}

function kindOf(scheme: JsonObject): { readonly kind: Kind; readonly body: JsonObject } | undefined {
  for (const kind of Object.keys(KINDS) as Kind[]) {
    const body = scheme.type === kind ? scheme : scheme[KINDS[kind]];
    if (isJsonObject(body)) return { kind, body };
  }
  return undefined;
}

function readKey(body: JsonObject): AgentSecurity['apiKey'] {
  const name = text(body.name);
  const place = text(body.in ?? body.location) ?? 'header';
  if (name === undefined || !(place === 'header' || place === 'query' || place === 'cookie')) return undefined;
  return { in: place, name };
}

function readOAuth({ flows, oauth2MetadataUrl }: JsonObject): AgentOAuth {
  const all = isJsonObject(flows) ? flows : {};
  const flow = [all.authorizationCode, all.clientCredentials, all.deviceCode].find(isFlow) ?? {};
  return {
    authorizationUrl: text(flow.authorizationUrl),
    tokenUrl: text(flow.tokenUrl),
    metadataUrl: text(oauth2MetadataUrl),
    scopes: isJsonObject(flow.scopes) ? Object.keys(flow.scopes) : [],
  };
}

function isFlow(value: unknown): value is JsonObject {
  return isJsonObject(value as JsonObject);
}

function readOpenId({ openIdConnectUrl }: JsonObject): AgentOAuth {
  return { metadataUrl: text(openIdConnectUrl), scopes: [] };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
