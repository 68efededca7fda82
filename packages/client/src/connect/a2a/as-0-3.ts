import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';

const METHODS: ReadonlyMap<string, string> = new Map([
  ['SendMessage', 'message/send'],
  ['SendStreamingMessage', 'message/stream'],
  ['GetTask', 'tasks/get'],
  ['CancelTask', 'tasks/cancel'],
  ['SubscribeToTask', 'tasks/resubscribe'],
]);

/** The method's name in A2A 0.3; undefined for a method that 0.3 lacks. */
export function methodIn03(method: string): string | undefined {
  return METHODS.get(method);
}

/** Converts the parameters of a 1.0 request to A2A 0.3 over JSON-RPC. */
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
  // `data` must be an object in 0.3; other values are wrapped.
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

/** Converts the parameters to A2A 0.3 over HTTP+JSON, which differs from 1.0 in two names only. */
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
