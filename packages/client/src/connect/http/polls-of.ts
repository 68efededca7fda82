import type { SignInOptions } from '../auth/sign-in-options.ts';
import type { ConnectOptions } from '../connect-port.ts';
import type { Wire } from '../wire/wire.ts';
import { httpPool } from './http-pool.ts';
import { createPollWire, type PollWire, type PollWireOptions } from './poll-wire.ts';
import { proxyFor } from './proxy-for.ts';

/** Access token that the SDK would send; `'signs'` if each request needs its own proof (DPoP). */
function tokenOf({ authProvider: provider }: SignInOptions): PollWireOptions['token'] | 'signs' {
  if (provider === undefined) return undefined;
  if (!('tokens' in provider)) return () => provider.token();
  return provider.dpop === undefined ? async () => (await provider.tokens())?.access_token : 'signs';
}

/** The poll wire of a transport. Undefined if the SDK must send all polls. */
export function pollsOf(
  transport: Wire,
  { url, headers, isWaiting }: Pick<PollWireOptions, 'url' | 'headers' | 'isWaiting'>,
  options: SignInOptions & Pick<ConnectOptions, 'fetch'>,
): PollWire | undefined {
  const token = tokenOf(options);
  // A `fetch` of the host sends everything.
  if (token === 'signs' || transport.sessionId !== undefined || options.fetch !== undefined) return undefined;
  const openPool = () => httpPool(proxyFor(url));
  const onMessage: PollWireOptions['onMessage'] = (message) => transport.onmessage?.(message);
  return createPollWire({ url, headers, token, isWaiting, openPool, onMessage });
}
