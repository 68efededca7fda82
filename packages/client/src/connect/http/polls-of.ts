import type { SignInOptions } from '../auth/sign-in-options.ts';
import type { ConnectOptions } from '../connect-port.ts';
import type { Wire } from '../wire/wire.ts';
import { httpPool } from './http-pool.ts';
import { createPollWire, type PollWire, type PollWireOptions } from './poll-wire.ts';
import { proxyFor } from './proxy-for.ts';

/** The access token that the SDK would send; `'signs'` where each request needs a proof of its own (DPoP). */
function tokenOf({ authProvider: provider }: SignInOptions): PollWireOptions['token'] | 'signs' {
  if (provider === undefined) return undefined;
  if (!('tokens' in provider)) return () => provider.token();
  return provider.dpop === undefined ? async () => (await provider.tokens())?.access_token : 'signs';
}

/** The cheap way for the polls of this transport. Undefined where the SDK has to send them all. */
export function pollsOf(
  transport: Wire,
  { url, headers, isWaiting }: Pick<PollWireOptions, 'url' | 'headers' | 'isWaiting'>,
  options: SignInOptions & Pick<ConnectOptions, 'fetch'>,
): PollWire | undefined {
  const token = tokenOf(options);
  // Where the host brings a `fetch`, everything goes over that.
  if (token === 'signs' || transport.sessionId !== undefined || options.fetch !== undefined) return undefined;
  const openPool = () => httpPool(proxyFor(url));
  const onMessage: PollWireOptions['onMessage'] = (message) => transport.onmessage?.(message);
  return createPollWire({ url, headers, token, isWaiting, openPool, onMessage });
}
