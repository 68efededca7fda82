import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';

/** Supported versions of A2A. */
export type Version = '1.0' | '0.3';
export type Binding = 'JSONRPC' | 'HTTP+JSON';

export interface AgentInterface {
  readonly url: URL;
  readonly binding: Binding;
  readonly version: Version;
  /** Sent with every request, if one host serves several agents. */
  readonly tenant?: string | undefined;
}

/** The card of an agent, reduced to what a connection needs. */
export interface AgentCard {
  /** Address of the card. */
  readonly url: URL;
  readonly raw: JsonObject;
  readonly name: string;
  readonly version: string;
  /** Supported interfaces, best first. */
  readonly interfaces: readonly AgentInterface[];
  readonly streams: boolean;
}

const ORDER: readonly string[] = ['1.0 JSONRPC', '1.0 HTTP+JSON', '0.3 JSONRPC', '0.3 HTTP+JSON'];

/** Undefined if the JSON is not the card of an agent. */
export function readCard(raw: JsonValue, url: URL): AgentCard | undefined {
  if (!isJsonObject(raw) || typeof raw.name !== 'string') return undefined;
  const { supportedInterfaces, additionalInterfaces, capabilities } = raw;
  const isCard =
    Array.isArray(supportedInterfaces) ||
    (typeof raw.url === 'string' && (Array.isArray(raw.skills) || 'capabilities' in raw));
  if (!isCard) return undefined;
  // A 0.3 card has its first interface in top-level fields. A card without a version is 0.2, with the methods of 0.3.
  const first = { url: raw.url ?? null, transport: raw.preferredTransport ?? 'JSONRPC' };
  const old = { protocolVersion: raw.protocolVersion ?? '0.3' };
  const listed = [
    ...objects(supportedInterfaces),
    ...[first, ...objects(additionalInterfaces)].map((each) => ({ ...old, ...each })),
  ];
  const interfaces = listed.flatMap((each) => readInterface(each, url) ?? []);
  const rank = ({ version, binding }: AgentInterface): number => ORDER.indexOf(`${version} ${binding}`);
  return {
    url,
    raw,
    name: raw.name,
    version: typeof raw.version === 'string' ? raw.version : '',
    interfaces: interfaces.toSorted((one, other) => rank(one) - rank(other)),
    streams: isJsonObject(capabilities) && capabilities.streaming === true,
  };
}

function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function readInterface(raw: JsonObject, card: URL): AgentInterface | undefined {
  const binding = raw.protocolBinding ?? raw.transport;
  if (binding !== 'JSONRPC' && binding !== 'HTTP+JSON') return undefined;
  if (typeof raw.url !== 'string' || !URL.canParse(raw.url, card.href)) return undefined;
  const version = readVersion(raw.protocolVersion);
  const tenant = typeof raw.tenant === 'string' && raw.tenant !== '' ? { tenant: raw.tenant } : {};
  return { url: reachable(new URL(raw.url, card), card), binding, version, ...tenant };
}

/** 1.x is read as 1.0; any older version as 0.3. */
export function readVersion(value: JsonValue | undefined): Version {
  return value === undefined || /^1(\.|$)/.test(String(value)) ? '1.0' : '0.3';
}

/** Replaces `0.0.0.0`, an address to listen on, by the host of the card. */
function reachable(url: URL, card: URL): URL {
  if (url.hostname !== '0.0.0.0' && url.hostname !== '[::]') return url;
  const there = new URL(url);
  there.hostname = card.hostname;
  return there;
}
