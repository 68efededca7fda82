import type { SignInOptions } from '../auth/sign-in-options.ts';
import type { Wire } from '../wire/wire.ts';
import { createPollSockets, type PollSocketsOptions } from './poll-sockets.ts';
import { createPollWire, type PollSession, type PollWire, type PollWireOptions } from './poll-wire.ts';

/** Access token that the SDK would send; `'signs'` if each request needs its own proof (DPoP). */
function tokenOf({ authProvider: provider }: SignInOptions): PollWireOptions['token'] | 'signs' {
  if (provider === undefined) return undefined;
  if (!('tokens' in provider)) return () => provider.token();
  return provider.dpop === undefined ? async () => (await provider.tokens())?.access_token : 'signs';
}

/** The poll wire of a transport. Undefined if the SDK must send all polls. */
export function pollsOf(
  transport: Wire,
  revision: string,
  { url, headers, ...at }: Pick<PollWireOptions, 'url' | 'headers'> & PollSocketsOptions,
  options: SignInOptions,
): PollWire | undefined {
  const token = tokenOf(options);
  if (token === 'signs') return undefined;
  const session: PollSession = {
    revision,
    get id() {
      return transport.sessionId;
    },
  };
  const onMessage: PollWireOptions['onMessage'] = (message) => transport.onmessage?.(message);
  return createPollWire({ url, headers, token, session, sockets: createPollSockets(at), onMessage });
}
