import type { SignInOptions } from '@mcp-tasks/client/connect';
import { ClientCredentialsProvider } from '@modelcontextprotocol/client';
import { type CommonFlags, type Context, personTerminal } from '../context.ts';
import { safeText } from '../display/safe-text.ts';
import { identifyTarget } from '../targets/identify-target.ts';
import type { ConnectFlags, ResolvedTarget } from '../targets/resolved-target.ts';
import { valueWithin } from '../timers.ts';
import { askToSignIn } from './ask-to-sign-in.ts';
import type { CredentialFile } from './credential-file.ts';
import { createCredentialLock } from './credential-lock.ts';
import { credentialsOf, lockPathOf } from './credentials.ts';
import type { LoopbackCallback } from './loopback-callback.ts';
import { createOAuthProvider } from './oauth-provider.ts';
import { savedTokens } from './saved-credentials.ts';
import { queueForTerminal } from './terminal-queue.ts';

/** Limit of the code exchange, in ms. */
const REDEEM_MS = 10_000;

/** The sign-in of a target: saved credentials, the client credentials grant, or the browser flow at this terminal. */
export async function signInFor(
  resolved: ResolvedTarget,
  context: Context,
  flags: CommonFlags & Pick<ConnectFlags, 'allowNoPkce'>,
  mayAsk: boolean,
): Promise<SignInOptions> {
  const { client, label } = resolved;
  if (resolved.target.kind !== 'url' || hasAuthorization(resolved)) return {};
  if (client?.secret !== undefined && !client.isForPerson) {
    const { id: clientId, secret: clientSecret, issuer } = client;
    const pinned = issuer === undefined ? {} : { expectedIssuer: issuer };
    return {
      authProvider: new ClientCredentialsProvider({ clientId, clientSecret, clientName: 'mcp-tasks', ...pinned }),
    };
  }
  const { fingerprint, label: name } = identifyTarget(resolved);
  const file = credentialsOf(context, fingerprint);
  const lock = createCredentialLock(lockPathOf(context, fingerprint), context.clock);
  const person = mayAsk ? personTerminal(context, flags) : undefined;
  const out = context.stderr.isTTY ? context.stderr : person;
  const callback = person === undefined ? undefined : await callbackFor(context, client?.callbackPort, file);
  const { redirectUrl } = callback ?? {};
  const provider = createOAuthProvider({ file, lock, redirectUrl, client, allowNoPkce: flags.allowNoPkce });
  if (callback === undefined || out === undefined) return { authProvider: provider };

  return {
    authProvider: provider,
    waitForCallback() {
      const before = provider.wanted;
      const begun = provider.begin();
      return new Promise((resolve, reject) => {
        const leave = (settle: () => void): void => {
          begun.leave();
          settle();
        };
        void queueForTerminal(context, async () => {
          // Another connection to the same server may have signed in while this one waited in the queue.
          if (before === undefined || before.found !== savedTokens(file)) return leave(() => resolve(undefined));
          try {
            resolve(await askToSignIn({ ...before, label: label ?? name }, callback, context, out));
          } catch (error) {
            return leave(() => reject(error));
          }
          // The next sign-in in the queue reads the tokens of this one.
          const hasTokens = await valueWithin(context.clock, REDEEM_MS, begun.redeemed);
          if (hasTokens === true) out.write(`Signed in to ${safeText(label ?? name)}.\n`);
        });
      });
    },
  };
}

const loopbacks = new WeakMap<Context, Promise<LoopbackCallback | undefined>>();

async function callbackFor(
  context: Context,
  demandedPort: number | undefined,
  file: CredentialFile,
): Promise<LoopbackCallback | undefined> {
  if (demandedPort === undefined) return loopbackOf(context, earlierPort(file));
  const { callbackAt } = await import('./loopback-callback.ts');
  return callbackAt(demandedPort);
}

/** One callback serves all servers, except those with a fixed port. */
function loopbackOf(context: Context, preferredPort: number | undefined): Promise<LoopbackCallback | undefined> {
  const open = loopbacks.get(context) ?? openLoopback(preferredPort);
  loopbacks.set(context, open);
  return open;
}

/** `node:http` loads slowly: load it only when a person may be asked to sign in. */
async function openLoopback(preferredPort: number | undefined): Promise<LoopbackCallback | undefined> {
  const { openLoopbackCallback } = await import('./loopback-callback.ts');
  return openLoopbackCallback(preferredPort);
}

export function hasAuthorization({ headers }: ResolvedTarget): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
}

/** Port of the redirect URI registered at the last sign-in. */
function earlierPort(file: CredentialFile): number | undefined {
  const clients = Object.values(file.read().clients ?? {}) as { readonly redirect_uris?: readonly string[] }[];
  const uri = clients.at(-1)?.redirect_uris?.[0];
  return uri !== undefined && URL.canParse(uri) ? Number(new URL(uri).port) : undefined;
}
