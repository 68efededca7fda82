import type { ConnectOptions } from '../connect-port.ts';
import { createCredentials } from './credentials.ts';
import { createLine } from './exchange.ts';
import { findCard } from './find-card.ts';

/** Whether there is the card of an agent at this address, or below it. Sends no credentials. */
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
