import type { ConnectOptions } from '../connect-port.ts';
import { createCredentials } from './credentials.ts';
import { createLine } from './exchange.ts';
import { findCard } from './find-card.ts';

/** True if this address, or a path below it, has the card of an agent. Sends no credentials. */
export async function isAgent(
  url: string,
  { fetch, signal }: Pick<ConnectOptions, 'fetch' | 'signal'>,
): Promise<boolean> {
  const line = createLine(await createCredentials(url, { fetch }));
  try {
    return (await findCard(url, line.exchange, signal)).interfaces.length > 0;
  } catch {
    return false;
  }
}
