import type { ConnectOptions } from '../connect-port.ts';
import { createCredentials } from './credentials.ts';
import { createAgentTransport } from './exchange.ts';
import { findCard } from './find-card.ts';

/** True if this address, or a path below it, has the card of an agent. Sends no credentials. */
export async function isAgent(
  url: string,
  { fetch, signal }: Pick<ConnectOptions, 'fetch' | 'signal'>,
): Promise<boolean> {
  const transport = createAgentTransport(await createCredentials(url, { fetch }));
  try {
    return (await findCard(url, transport.exchange, signal)).interfaces.length > 0;
  } catch {
    return false;
  }
}
