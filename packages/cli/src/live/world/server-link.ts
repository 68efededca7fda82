import { type Clock, type RelayState, type TaskClient, TaskError } from '@mcp-tasks/client';
import { enterStanding, type Standing, standingAfter } from './server-standing.ts';

/** Minimum wait before an idle reconnect, in ms. */
const LEAST_PAUSE_MS = 1_000;
/** Interval between checks for a sign-in by another process, in ms. */
const SIGN_IN_MS = 500;

export interface ServerLinkOptions {
  readonly clock: Clock;
  /** Opens the client, which connects on the first request and reports connection states. */
  readonly open: (onConnection: (state: RelayState) => void) => Promise<TaskClient>;
  /** Value that changes with each sign-in to this server, by any process. */
  readonly signedInAt: () => number | undefined;
  readonly onStanding: (standing: Standing) => void;
  /** Called when the server returns under another revision: the client is dropped, and a new one opens. */
  readonly onRenewed: () => void;
}

/** Keeps a server connected: retries after the back-off, after a sign-in, or when a person asks. */
export interface ServerLink {
  readonly standing: Standing;
  /** Client, once a request was made. */
  readonly client: TaskClient | undefined;
  /** Connects, unless already started. */
  start(): void;
  /** Resolves to the client; during a back-off, retries at once. @throws the reason why it cannot connect */
  ready(): Promise<TaskClient>;
  /** Reports that the open connection needs a new sign-in. */
  refused(error: TaskError): void;
  /** Closes the link and returns its client, which the caller must close. */
  leave(): TaskClient | undefined;
  close(): Promise<void>;
}

export function createServerLink(options: ServerLinkOptions): ServerLink {
  const { clock, open, signedInAt, onStanding, onRenewed } = options;
  let standing: Standing = { kind: 'idle' };
  let opening: Promise<TaskClient> | undefined;
  let client: TaskClient | undefined;
  /** Number of clients dropped because the server changed its revision. */
  let renewals = 0;
  let stopWaiting = (): void => undefined;

  function changeStanding(next: Standing): void {
    stopWaiting();
    standing = enterStanding(standing, next);
    stopWaiting = planNext(next);
    onStanding(standing);
  }

  function onConnectionState(state: RelayState): void {
    const next = standingAfter(standing, state, signedInAt());
    if (next === undefined) return;
    if (next.kind === 'away' && TaskError.is(next.error) && next.error.code === 'server-changed') renew();
    changeStanding(next);
  }

  /** Drops the client, which supports only the revision it connected with. */
  function renew(): void {
    void opening?.then((of) => of.close()).catch(() => undefined);
    opening = undefined;
    client = undefined;
    renewals += 1;
    onRenewed();
  }

  /** Schedules the next attempt; returns a function that cancels it. */
  function planNext(next: Standing): () => void {
    if (next.kind === 'away') return clock.schedule(Math.max(LEAST_PAUSE_MS, next.retryInMs), start);
    if (next.kind === 'signed-out') return awaitSignIn(next.tried);
    return () => undefined;
  }

  function awaitSignIn(tried: number | undefined): () => void {
    let cancel = (): void => undefined;
    const checkSignIn = (): void => {
      if (signedInAt() === tried) cancel = clock.schedule(SIGN_IN_MS, checkSignIn);
      else start();
    };
    cancel = clock.schedule(SIGN_IN_MS, checkSignIn);
    return () => cancel();
  }

  async function openClient(): Promise<TaskClient> {
    const before = renewals;
    const opened = await open((state) => {
      if (renewals === before) onConnectionState(state);
    });
    if (renewals === before) client = opened;
    if (standing.kind === 'closed') await opened.close();
    return opened;
  }

  async function ready(): Promise<TaskClient> {
    if (standing.kind === 'closed') throw new TaskError('closed', 'This view was closed');
    const before = renewals;
    opening ??= openClient();
    try {
      const of = await opening;
      if (renewals === before && standing.kind !== 'connected') await of.reconnect();
      if (renewals === before) return of;
    } catch (error) {
      if (renewals === before) throw error;
    }
    return ready();
  }

  function start(): void {
    void ready().catch(() => undefined); // the standing has the error
  }

  return {
    get standing() {
      return standing;
    },
    get client() {
      return client;
    },
    leave() {
      changeStanding({ kind: 'closed' });
      return client;
    },
    start() {
      if (standing.kind === 'idle') start();
    },
    ready,
    refused(error) {
      if (standing.kind === 'connected') changeStanding({ kind: 'signed-out', error, tried: standing.tried });
    },
    async close() {
      changeStanding({ kind: 'closed' });
      await opening?.then((of) => of.close()).catch(() => undefined);
    },
  };
}
