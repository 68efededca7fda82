import type { SignInOptions } from '../auth/sign-in-options.ts';
import type { ConnectOptions } from '../connect-port.ts';
import { createHttpStack } from '../http/http-stack.ts';
import { addressOf } from '../http/http-transport.ts';
import { createHttpWatch } from '../http/http-watch.ts';
import { createPollSockets } from '../http/poll-sockets.ts';
import type { Run } from '../wire/deliver.ts';
import type { ExchangeSource } from './exchange.ts';
import type { AgentCard } from './read-card.ts';
import { type AgentSecurity, readSecurity } from './read-security.ts';

/** Credentials of requests to an agent, and the sign-in that gets them. */
export interface Credentials extends ExchangeSource {
  readonly address: URL;
  /** True while a person signs in: timeouts are suspended. */
  readonly isWaiting: () => boolean;
  /** Reads from this card which credentials the agent accepts. */
  useCard(card: AgentCard): void;
}

export async function createCredentials(url: string, options: ConnectOptions & SignInOptions): Promise<Credentials> {
  const { authProvider: provider, waitForCallback } = options;
  const { address, headers } = addressOf(url, options);
  const stack = createHttpStack(options);
  const watch = createHttpWatch({ isInSession: () => false, fetch: stack.fetch });
  let security: AgentSecurity | undefined;

  const isOAuth = provider !== undefined && 'tokens' in provider;
  const tokenOf = async (): Promise<string | undefined> =>
    isOAuth ? (await provider.tokens())?.access_token : provider?.token();

  const oauthOf = (): AgentSecurity['oauth'] => security?.oauth;
  const send: Run = watch.run;
  const signIn = isOAuth
    ? (await import('./sign-in-to-agent.ts')).signInToAgent({
        ...{ provider, address, fetch: watch.fetch, send, oauthOf, waitForCallback },
      })
    : undefined;

  const isWaiting = signIn?.isWaiting ?? (() => false);
  return {
    address,
    fetch: watch.fetch,
    sockets: createPollSockets({ stack, isWaiting }),
    run: signIn?.run ?? send,
    isWaiting,
    useCard(card) {
      security = readSecurity(card.raw);
    },
    async headersFor(to) {
      // A card must not redirect credentials: only the host that the person named gets them.
      if (to.origin !== address.origin) return {};
      const token = await tokenOf();
      const own = token === undefined ? headers : { authorization: `Bearer ${token}`, ...headers };
      return asApiKey(own, security);
    },
  };
}

/** Moves a bearer token to the header or cookie of an agent that accepts only API keys. */
function asApiKey(headers: Readonly<Record<string, string>>, security: AgentSecurity | undefined) {
  const { apiKey, acceptsBearer = true } = security ?? {};
  const [name, value] = Object.entries(headers).find(([each]) => each.toLowerCase() === 'authorization') ?? [];
  const token = /^Bearer (.+)$/i.exec(value ?? '')?.[1];
  if (acceptsBearer || apiKey === undefined || apiKey.in === 'query' || name === undefined || token === undefined)
    return headers;
  const others = Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name));
  return apiKey.in === 'header'
    ? { ...others, [apiKey.name]: token }
    : { ...others, cookie: `${apiKey.name}=${token}` };
}
