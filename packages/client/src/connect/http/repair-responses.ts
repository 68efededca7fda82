import { isJsonObject, type JsonValue } from '../../task/json.ts';
import { readJson } from '../wire/read-json.ts';
import { type Asked, tidyMessage } from '../wire/tidy-message.ts';
import { answerDiscovery, type DiscoveryOptions, type Silence } from './answer-discovery.ts';
import { tidyEvents } from './tidy-events.ts';

/** Sends one HTTP request, and repairs protocol errors in the response whose meaning is clear, for the SDK. */
export type Repair = (init: RequestInit | undefined, send: () => Promise<Response>) => Promise<Response>;

export function createRepair(options: DiscoveryOptions): Repair {
  const state: Silence = { isSilent: false, over: new AbortController() };
  return async (init, send) => {
    const asked = askedIn(init);
    if (asked?.method === 'server/discover') return answerDiscovery(asked, send, options, state);
    const response = await send();
    if (asked?.method === 'initialize') {
      if (response.ok && state.isSilent) options.onSilence?.();
      state.over.abort();
    }
    if (asked === undefined || asked.id !== undefined) return repairResponse(response, asked);
    // The session is valid even if the server refuses this notification.
    const isRefused = asked.method === 'notifications/initialized' && !response.ok && response.status !== 401;
    return isRefused ? new Response(null, { status: 202 }) : response;
  };
}

/** The JSON-RPC message in a request's body, if any. */
function askedIn(init: RequestInit | undefined): Asked | undefined {
  if (init?.method !== 'POST' || typeof init.body !== 'string' || !init.body.startsWith('{')) return undefined;
  const message = JSON.parse(init.body) as JsonValue;
  if (!isJsonObject(message) || typeof message.method !== 'string') return undefined;
  return { method: message.method, id: message.id as Asked['id'] };
}

async function repairResponse(response: Response, asked: Asked | undefined): Promise<Response> {
  if (!response.ok) return response;
  const type = response.headers.get('content-type') ?? '';
  if (/^text\/event-stream\b/i.test(type)) return tidyEvents(response, asked);
  if (asked === undefined) return response;
  if (response.status === 202) {
    const text = await response.text();
    return isJson(text) ? jsonResponse(text, asked) : new Response(text, { status: 202, headers: response.headers });
  }
  const json = async (): Promise<unknown> => tidyMessage(readJson(await response.text()), asked);
  Object.defineProperty(response, 'json', { value: json });
  return response;
}

function jsonResponse(text: string, asked: Asked): Response {
  const headers = { 'content-type': 'application/json' };
  return new Response(JSON.stringify(tidyMessage(readJson(text), asked)), { status: 200, headers });
}

function isJson(text: string): boolean {
  try {
    return isJsonObject(JSON.parse(text) as JsonValue);
  } catch {
    return false;
  }
}
