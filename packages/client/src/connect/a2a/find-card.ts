import { TaskError } from '../../errors.ts';
import type { JsonValue } from '../../task/json.ts';
import { ConnectionFailure, type Failure } from '../connection.ts';
import type { Exchange } from './exchange.ts';
import { type AgentCard, readCard } from './read-card.ts';

const CARDS = ['.well-known/agent-card.json', '.well-known/agent.json'];

/** Possible URLs of an agent's card: the address itself, paths below it, and the root of its host. */
export function cardPlaces(url: string): readonly URL[] {
  const address = new URL(url);
  const base = new URL(address);
  base.search = '';
  base.hash = '';
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  const [below = [], root = []] = [base, new URL('/', base)].map((each) => CARDS.map((card) => new URL(card, each)));
  const all = [
    ...(address.pathname.endsWith('.json') ? [address] : []),
    ...below.flatMap((each, at) => [each, root[at] ?? each]),
  ];
  return [...new Map(all.map((each) => [each.href, each])).values()];
}

/** Reads the card of an agent. @throws {ConnectionFailure} the first refusal, if no address has a card */
export async function findCard(url: string, exchange: Exchange, signal: AbortSignal | undefined): Promise<AgentCard> {
  let first: unknown;
  for (const place of cardPlaces(url)) {
    try {
      const read = (status: number, body: JsonValue) => (status < 300 ? readCard(body, place) : undefined);
      return await exchange({ verb: 'GET', url: place }, { signal, version: '1.0' }, read);
    } catch (error) {
      if (!(error instanceof ConnectionFailure && hasNoCard(error.failure))) throw error;
      first ??= error;
    }
  }
  throw first;
}

/** True if this address has no card; the next address may have one. */
function hasNoCard(failure: Failure): boolean {
  return failure.kind === 'invalid' || failure.kind === 'rpc' || (failure.kind === 'http' && failure.status < 500);
}

/** @throws {TaskError} `unsupported` if the card offers no supported interface */
export function assertSupportedInterface({ interfaces, name, url }: AgentCard): void {
  if (interfaces.length > 0) return;
  const hint = 'Supported are JSON-RPC and HTTP+JSON of A2A 0.3 and 1.0: ask its operator for one of these.';
  throw new TaskError('unsupported', `${name} offers no supported interface in its card ${url.href}`, {
    hint,
  });
}
