import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import { type Connection, ConnectionFailure } from '../connection.ts';
import { readSecurity } from './read-security.ts';

/** Result of one check, for a person. */
export interface AgentFinding {
  /** Name of the check: `card`, `interface`, `version`, `streams`, `list` or `sign-in`. */
  readonly check: string;
  /** `missing`: the agent works with reduced function. */
  readonly state: 'ok' | 'missing' | 'failed';
  /** Description; contains untrusted text of the card. */
  readonly detail: string;
  /** Suggested fix. */
  readonly hint?: string | undefined;
}

/** Host names that mean the reader's own machine. */
const LOCAL = /^(localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\])$/;
const UNKNOWN_TASK_ID = 'mcp-tasks-asks-for-a-task-that-is-not-there';

/** Checks the card of an agent: its interfaces, their addresses, and the agent's actual version. Starts no task. */
export async function examineAgent(connection: Connection, signal?: AbortSignal): Promise<readonly AgentFinding[]> {
  const raw = await connection.request('GetAgentCard', {}, { signal });
  const card = isJsonObject(raw) ? raw : {};
  const place = new URL(String(connection.negotiated.capabilities.card));
  const wire = await probe(connection, signal);
  const { list, streaming } = connection.negotiated.capabilities;
  const { kinds } = readSecurity(card);
  return [
    { check: 'card', state: 'ok', detail: place.href },
    ...interfacesOf(card).map((each) => examineInterface(each, place)),
    wire,
    {
      check: 'streams',
      state: streaming === true ? 'ok' : 'missing',
      detail: streaming === true ? 'yes' : 'no: it is polled',
    },
    list === true
      ? { check: 'list', state: 'ok', detail: 'yes: a start whose reply is lost is found again' }
      : { check: 'list', state: 'missing', detail: 'no: a start whose reply is lost may have run, and is not found' },
    { check: 'sign-in', state: 'ok', detail: kinds.length === 0 ? 'its card requires none' : kinds.join(', ') },
  ];
}

interface Listed {
  readonly url: string;
  readonly text: string;
}

function interfacesOf(card: JsonObject): readonly Listed[] {
  const { supportedInterfaces, additionalInterfaces, url, preferredTransport = 'JSONRPC', protocolVersion } = card;
  const listed = (value: JsonValue | undefined): readonly JsonObject[] =>
    Array.isArray(value) ? value.filter(isJsonObject) : [];
  const old = typeof url === 'string' ? [{ url, transport: preferredTransport }] : [];
  return [
    ...listed(supportedInterfaces).map((each) => describeInterface(each, '1.0')),
    ...[...old, ...listed(additionalInterfaces)].map((each) =>
      describeInterface(each, String(protocolVersion ?? '0.2')),
    ),
  ];
}

function describeInterface({ url, protocolBinding, transport, protocolVersion }: JsonObject, version: string): Listed {
  return { url: String(url), text: `${protocolVersion ?? version} ${protocolBinding ?? transport} at ${url}` };
}

function examineInterface({ url, text }: Listed, place: URL): AgentFinding {
  const problem = unreachableReason(url, place);
  if (problem === undefined) return { check: 'interface', state: 'ok', detail: text };
  const hint = 'Ask its operator to put the public address of the agent into the card.';
  return { check: 'interface', state: 'missing', detail: `${text}: ${problem}`, hint };
}

function unreachableReason(url: string, place: URL): string | undefined {
  if (!URL.canParse(url, place.href)) return 'that is not a URL';
  const at = new URL(url, place.href);
  if (!URL.canParse(url)) return undefined; // a relative URL: the host of the card
  if (at.hostname === '0.0.0.0' || at.hostname === '[::]')
    return 'that is a listening address; the host of the card is used';
  if (LOCAL.test(at.hostname) && !LOCAL.test(place.hostname))
    return 'that is your own machine, but the card is on another host';
  if (at.protocol === 'http:' && place.protocol === 'https:') return 'it is not encrypted, but the card is';
  if (at.host !== place.host) return `another host than that of the card, ${place.host}: no credentials go there`;
  return undefined;
}

/** Asks for a task that does not exist: an agent that speaks the card's version answers "task not found". */
async function probe(connection: Connection, signal: AbortSignal | undefined): Promise<AgentFinding> {
  const { interface: spoken } = connection.negotiated.capabilities;
  const hint = 'Its card may be of another version, or lead to another server.';
  try {
    await connection.request('GetTask', { id: UNKNOWN_TASK_ID, historyLength: 0 }, { signal });
    return { check: 'version', state: 'failed', detail: 'it returned a task that does not exist', hint };
  } catch (error) {
    if (!(error instanceof ConnectionFailure)) throw error;
    const { failure } = error;
    const { revision, capabilities } = connection.negotiated;
    if (failure.kind === 'rpc' && failure.code === -32001) {
      const mismatch = typeof capabilities.lie === 'string' ? capabilities.lie : undefined;
      if (mismatch === undefined)
        return { check: 'version', state: 'ok', detail: `it speaks ${revision}, as its card says` };
      return { check: 'version', state: 'missing', detail: mismatch, hint: 'mcp-tasks uses that version.' };
    }
    const code = failure.kind === 'rpc' && failure.code !== null ? ` (${failure.code})` : '';
    const detail = `${spoken}: asked for an unknown task, it answers ${failure.message}${code}`;
    return { check: 'version', state: 'failed', detail, hint: failure.kind === 'auth' ? undefined : hint };
  }
}
