import { type Clock, type RelayState, type TaskClient, TaskError } from '@mcp-tasks/client';
import { enterLinkState, type LinkState, linkStateAfter } from './link-state.ts';

/** Minimum wait before an idle reconnect, in ms. */
const MIN_PAUSE_MS = 1_000;
/** Interval between checks for a sign-in by another process, in ms. */
const SIGN_IN_MS = 500;

export interface ServerLinkOptions {
  readonly clock: Clock;
  /** Opens the client, which connects on the first request and reports connection states. */
  readonly open: (onConnection: (state: RelayState) => void) => Promise<TaskClient>;
  /** Value that changes with each sign-in to this server, by any process. */
  readonly signedInAt: () => number | undefined;
  readonly onLinkState: (linkState: LinkState) => void;
  /** Called when the server returns under another revision: the client is dropped, and a new one opens. */
  readonly onClientDropped: () => void;
}

/** Keeps a server connected: retries after the back-off, after a sign-in, or when a person asks. */
export interface ServerLink {
  readonly state: LinkState;
  /** Client, once a request was made. */
  readonly client: TaskClient | undefined;
  /** Connects, unless already started. */
  start(): void;
  /** Resolves to the client; during a back-off, retries at once. @throws the reason why it cannot connect */
  ready(): Promise<TaskClient>;
  /** Reports that the open connection needs a new sign-in. */
  requireSignIn(error: TaskError): void;
  /** Closes the link and returns its client, which the caller must close. */
  release(): TaskClient | undefined;
  close(): Promise<void>;
}

export function createServerLink(options: ServerLinkOptions): ServerLink {
  const { clock, open, signedInAt, onLinkState, onClientDropped } = options;
  let linkState: LinkState = { kind: 'idle' };
  let opening: Promise<TaskClient> | undefined;
  let client: TaskClient | undefined;
  /** Number of clients dropped because the server changed its revision. */
  let generation = 0;
  let stopWaiting = (): void => undefined;

  function changeLinkState(next: LinkState): void {
    stopWaiting();
    linkState = enterLinkState(linkState, next);
    stopWaiting = scheduleNext(next);
    onLinkState(linkState);
  }

  function onConnectionState(state: RelayState): void {
    const next = linkStateAfter(linkState, state, signedInAt());
    if (next === undefined) return;
    if (next.kind === 'away' && TaskError.is(next.error) && next.error.code === 'server-changed') dropClient();
    changeLinkState(next);
  }

  /** Drops the client, which supports only the revision it connected with. */
  function dropClient(): void {
    void opening?.then((of) => of.close()).catch(() => undefined);
    opening = undefined;
    client = undefined;
    generation += 1;
    onClientDropped();
  }

  /** Schedules the next attempt; returns a function that cancels it. */
  function scheduleNext(next: LinkState): () => void {
    if (next.kind === 'away') return clock.schedule(Math.max(MIN_PAUSE_MS, next.retryInMs), start);
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
    const before = generation;
    const opened = await open((state) => {
      if (generation === before) onConnectionState(state);
    });
    if (generation === before) client = opened;
    if (linkState.kind === 'closed') await opened.close();
    return opened;
  }

  async function ready(): Promise<TaskClient> {
    if (linkState.kind === 'closed') throw new TaskError('closed', 'This view was closed');
    const before = generation;
    opening ??= openClient();
    try {
      const of = await opening;
      if (generation === before && linkState.kind !== 'connected') await of.reconnect();
      if (generation === before) return of;
    } catch (error) {
      if (generation === before) throw error;
    }
    return ready();
  }

  function start(): void {
    void ready().catch(() => undefined); // the link state has the error
  }

  return {
    get state() {
      return linkState;
    },
    get client() {
      return client;
    },
    release() {
      changeLinkState({ kind: 'closed' });
      return client;
    },
    start() {
      if (linkState.kind === 'idle') start();
    },
    ready,
    requireSignIn(error) {
      if (linkState.kind === 'connected') changeLinkState({ kind: 'signed-out', error, tried: linkState.tried });
    },
    async close() {
      changeLinkState({ kind: 'closed' });
      await opening?.then((of) => of.close()).catch(() => undefined);
    },
  };
}
