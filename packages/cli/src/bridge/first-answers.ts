import { isJsonObject, type JsonObject } from '@mcp-tasks/client';
import { mcp20260728 } from '@mcp-tasks/client/serve';
import { CLIENT_CAPABILITIES, CLIENT_INFO, PROTOCOL_VERSION, SERVER_INFO } from '../mcp-server/meta-keys.ts';
import type { ServerDescription } from './bridge-cache.ts';
import { aboutFor20251125, aboutFor20260728 } from './front.ts';
import { bridgedTools } from './own-tools.ts';
import type { OwnNames } from './texts.ts';

/** Revisions with `initialize` that the SDK serves; for any other one the SDK chooses the reply. */
const WITH_INITIALIZE: readonly unknown[] = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];

/**
 * Answers a host's first requests from the description of the server: `initialize`, `server/discover` and
 * `tools/list`. The result equals the result of the SDK's server, which takes ten times as long to load.
 * `undefined` for all other requests, and for those that the SDK may refuse.
 */
export function firstAnswer(
  { method, params = {} }: JsonObject,
  description: ServerDescription,
  names: OwnNames,
): JsonObject | undefined {
  if (!isJsonObject(params)) return undefined;
  const { _meta = {} } = params;
  const held = bridgedTools(description.tools, names);
  if (!isJsonObject(_meta)) return undefined;
  if (!Object.hasOwn(_meta, PROTOCOL_VERSION)) {
    if (method === 'tools/list') return { tools: [...held] };
    return method === 'initialize' && isInitialize(params) ? initialized(params, description) : undefined;
  }
  if (!isEnvelope(_meta)) return undefined;
  if (method === 'server/discover')
    return complete({ supportedVersions: ['2026-07-28'], ...aboutFor20260728(description) }, description);
  if (method !== 'tools/list') return undefined;
  const tools = mcp20260728.tookTasks(_meta[CLIENT_CAPABILITIES]) ? description.tools : held;
  // This revision has no field `execution`.
  return complete({ tools: tools.map(({ execution, ...tool }) => tool) }, description);
}

/** `clientInfo.name` in a first request; empty when absent. */
export function hostNameIn({ params }: JsonObject): string {
  if (!isJsonObject(params)) return '';
  const info = isJsonObject(params._meta) ? params._meta[CLIENT_INFO] : undefined;
  const { name } = (info ?? params.clientInfo ?? {}) as { readonly name?: unknown };
  return typeof name === 'string' ? name : '';
}

function isInitialize({ protocolVersion, capabilities, clientInfo }: JsonObject): boolean {
  return WITH_INITIALIZE.includes(protocolVersion) && isJsonObject(capabilities) && isImplementation(clientInfo);
}

function initialized({ protocolVersion }: JsonObject, description: ServerDescription): JsonObject {
  return { protocolVersion, ...aboutFor20251125(description), serverInfo: description.server } as unknown as JsonObject;
}

function isEnvelope(meta: JsonObject): boolean {
  const { [PROTOCOL_VERSION]: version, [CLIENT_CAPABILITIES]: capabilities, [CLIENT_INFO]: info } = meta;
  return version === '2026-07-28' && isJsonObject(capabilities) && (info === undefined || isImplementation(info));
}

function isImplementation(info: unknown): boolean {
  return isJsonObject(info) && typeof info.name === 'string' && typeof info.version === 'string';
}

/** A result of 2026-07-28, as the SDK fills it in. */
function complete(result: JsonObject, { server }: ServerDescription): JsonObject {
  return {
    ...result,
    resultType: 'complete',
    ttlMs: 0,
    cacheScope: 'private',
    _meta: { [SERVER_INFO]: { ...server } },
  };
}
