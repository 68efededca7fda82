import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import { LOST_DIGITS } from '../../task/lost-digits.ts';
import { methodIn03, paramsIn03, paramsIn03Http } from './as-0-3.ts';
import type { AgentInterface } from './read-card.ts';

export interface Outgoing {
  readonly verb: 'GET' | 'POST';
  readonly url: URL;
  readonly body?: string | undefined;
}

/** The HTTP request of a method; undefined if this version of the protocol lacks the method. */
export function encodeRequest(at: AgentInterface, method: string, params: JsonObject): Outgoing | undefined {
  const named = at.tenant === undefined ? params : { tenant: at.tenant, ...params };
  return at.binding === 'JSONRPC' ? encodeJsonRpc(at, method, named) : encodeHttpJson(at, method, params);
}

let sent = 0;

function encodeJsonRpc({ url, version }: AgentInterface, method: string, params: JsonObject): Outgoing | undefined {
  const isOld = version === '0.3';
  const name = isOld ? methodIn03(method) : method;
  if (name === undefined) return undefined;
  sent += 1;
  const body = { jsonrpc: '2.0', id: sent, method: name, params: isOld ? paramsIn03(params) : params };
  return { verb: 'POST', url, body: JSON.stringify(body) };
}

function encodeHttpJson(
  { url, version, tenant }: AgentInterface,
  method: string,
  params: JsonObject,
): Outgoing | undefined {
  const isOld = version === '0.3';
  const { id, ...rest } = params;
  const task = `tasks/${encodeURIComponent(String(id))}`;
  const body = isOld ? paramsIn03Http(params) : params;
  const at = (path: string, query: JsonObject = {}): URL => {
    const prefix = [tenant, isOld ? 'v1' : undefined].filter((each) => each !== undefined).join('/');
    const base = url.pathname.replace(/\/$/, '').replace(isOld ? /\/v1$/ : /$^/, '');
    const full = new URL(url);
    full.pathname = `${base}/${prefix === '' ? '' : `${prefix}/`}${path}`;
    for (const [name, value] of Object.entries(query)) full.searchParams.set(name, String(value));
    return full;
  };
  switch (method) {
    case 'SendMessage':
      return { verb: 'POST', url: at('message:send'), body: JSON.stringify(body) };
    case 'GetTask':
      return { verb: 'GET', url: at(task, rest) };
    case 'CancelTask':
      return { verb: 'POST', url: at(`${task}:cancel`), body: '{}' };
    case 'SubscribeToTask':
      return isOld
        ? { verb: 'POST', url: at(`${task}:subscribe`), body: '{}' }
        : { verb: 'GET', url: at(`${task}:subscribe`) };
    case 'ListTasks':
      return { verb: 'GET', url: at('tasks', params) };
    default:
      return undefined;
  }
}

/** Reads a response as a result, or as an error with its JSON-RPC code. Undefined if it is neither. */
export function decodeAnswer(
  { binding }: AgentInterface,
  status: number,
  body: JsonValue,
): { readonly result: JsonValue } | { readonly error: JsonObject } | undefined {
  if (!isJsonObject(body)) return undefined;
  if (binding === 'JSONRPC') {
    if (isJsonObject(body.error)) return { error: body.error };
    const { result, [LOST_DIGITS]: lost } = body;
    if (result === undefined) return undefined;
    return { result: lost === undefined || !isJsonObject(result) ? result : { ...result, [LOST_DIGITS]: lost } };
  }
  if (status < 300) return { result: body };
  const error = isJsonObject(body.error) ? body.error : body;
  const code = codeOf(error, status);
  return code === undefined ? undefined : { error: { ...error, code } };
}

const REASONS: ReadonlyMap<JsonValue | undefined, number> = new Map([
  ['TASK_NOT_FOUND', -32001],
  ['TASK_NOT_CANCELABLE', -32002],
  ['PUSH_NOTIFICATION_NOT_SUPPORTED', -32003],
  ['UNSUPPORTED_OPERATION', -32004],
  ['CONTENT_TYPE_NOT_SUPPORTED', -32005],
  ['INVALID_AGENT_RESPONSE', -32006],
  ['EXTENDED_AGENT_CARD_NOT_CONFIGURED', -32007],
  ['EXTENSION_SUPPORT_REQUIRED', -32008],
  ['VERSION_NOT_SUPPORTED', -32009],
]);

/** Several errors share an HTTP status: `reason` distinguishes them; 0.3 sends the code itself. */
function codeOf({ code, details, status }: JsonObject, httpStatus: number): number | undefined {
  if (typeof code === 'number' && code < 0) return code;
  const reasons = Array.isArray(details) ? details.filter(isJsonObject).map(({ reason }) => REASONS.get(reason)) : [];
  const known = reasons.find((each) => each !== undefined);
  if (known !== undefined) return known;
  if (httpStatus === 404 && status === 'NOT_FOUND') return -32001;
  if (httpStatus === 400 && status === 'INVALID_ARGUMENT') return -32602;
  return httpStatus === 500 && status === 'INTERNAL' ? -32603 : undefined;
}
