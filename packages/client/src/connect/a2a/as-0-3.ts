import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';

const METHODS: ReadonlyMap<string, string> = new Map([
  ['SendMessage', 'message/send'],
  ['SendStreamingMessage', 'message/stream'],
  ['GetTask', 'tasks/get'],
  ['CancelTask', 'tasks/cancel'],
  ['SubscribeToTask', 'tasks/resubscribe'],
]);

/** The name of a method in 0.3; undefined for what it does not have. */
export function methodIn03(method: string): string | undefined {
  return METHODS.get(method);
}

/** The parameters of a request of 1.0, as 0.3 spells them over JSON-RPC. */
export function paramsIn03({ message, configuration, ...rest }: JsonObject): JsonObject {
  return {
    ...rest,
    ...(isJsonObject(message) ? { message: messageIn03(message) } : {}),
    ...(isJsonObject(configuration) ? { configuration: configurationIn03(configuration) } : {}),
  };
}

function messageIn03({ parts, role, ...rest }: JsonObject): JsonObject {
  const all = Array.isArray(parts) ? parts.filter(isJsonObject) : [];
  return { kind: 'message', ...rest, role: roleIn03(role), parts: all.map(partIn03) };
}

function roleIn03(role: JsonValue | undefined): string {
  return role === 'ROLE_AGENT' ? 'agent' : 'user';
}

function partIn03({ text, data, url, raw, filename, mediaType, ...rest }: JsonObject): JsonObject {
  if (text !== undefined) return { kind: 'text', text, ...rest };
  // Data is an object there; what is none is wrapped.
  if (data !== undefined) return { kind: 'data', data: isJsonObject(data) ? data : { value: data }, ...rest };
  const named = {
    ...(filename === undefined ? {} : { name: filename }),
    ...(mediaType === undefined ? {} : { mimeType: mediaType }),
  };
  return { kind: 'file', file: { ...(url === undefined ? { bytes: raw ?? '' } : { uri: url }), ...named }, ...rest };
}

function configurationIn03({ returnImmediately, ...rest }: JsonObject): JsonObject {
  return { ...rest, blocking: returnImmediately !== true };
}

/** The same over HTTP+JSON, which is the JSON of the protocol's messages in 0.3: only two names differ from 1.0. */
export function paramsIn03Http({ message, configuration, ...rest }: JsonObject): JsonObject {
  const { parts, ...other } = isJsonObject(message) ? message : {};
  const content = Array.isArray(parts) ? parts.filter(isJsonObject).map(partIn03Http) : [];
  return {
    ...rest,
    ...(isJsonObject(message) ? { message: { ...other, content } } : {}),
    ...(isJsonObject(configuration) ? { configuration: configurationIn03(configuration) } : {}),
  };
}

function partIn03Http(part: JsonObject): JsonObject {
  const { data, url, raw, filename, mediaType, ...rest } = part;
  if (data !== undefined) return { ...rest, data: { data: isJsonObject(data) ? data : { value: data } } };
  if (url === undefined && raw === undefined) return part;
  const named = {
    ...(filename === undefined ? {} : { name: filename }),
    ...(mediaType === undefined ? {} : { mimeType: mediaType }),
  };
  return { ...rest, file: { ...(url === undefined ? { fileWithBytes: raw ?? '' } : { fileWithUri: url }), ...named } };
}
