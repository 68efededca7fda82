import { type Clock, type RelayState, type TaskClient, TaskError } from '@mcp-tasks/client';
import { enterStanding, type Standing, standingAfter } from './server-standing.ts';

/** Where nothing asks it meanwhile, a server that has ended is opened again after so long at the earliest. */
const LEAST_PAUSE_MS = 1_000;
/** How often somebody who signs in elsewhere is looked for. */
const SIGN_IN_MS = 500;

export interface ServerLinkOptions {
  readonly clock: Clock;
  /** Its tasks. Connects when something is asked, and tells how the connection stands. */
  readonly open: (onConnection: (state: RelayState) => void) => Promise<TaskClient>;
  /** Another value once somebody has signed in to this server, in whatever process. */
  readonly signedInAt: () => number | undefined;
  readonly onStanding: (standing: Standing) => void;
}

/** Keeps a server connected: it is tried again when its time comes, somebody signs in, or a person wants it. */
export interface ServerLink {
  readonly standing: Standing;
  /** Its tasks, once something was asked of it. */
  readonly client: TaskClient | undefined;
  /** Connects, if that has not begun. */
  start(): void;
  /** Tries at once where it waits to try again. @throws what keeps it from connecting */
  ready(): Promise<TaskClient>;
  /** The open connection is of no use without another sign-in. */
  refused(error: TaskError): void;
  /** It is not connected any more. Its tasks are left to the caller. */
  leave(): TaskClient | undefined;
  close(): Promise<void>;
}

export function createServerLink({ clock, open, signedInAt, onStanding }: ServerLinkOptions): ServerLink {
  let standing: Standing = { kind: 'idle' };
  let opening: Promise<TaskClient> | undefined;
  let client: TaskClient | undefined;
  let stopWaiting = (): void => undefined;

  function enter(next: Standing): void {
    stopWaiting();
    standing = enterStanding(standing, next);
    stopWaiting = planNext(next);
    onStanding(standing);
  }

  function hear(state: RelayState): void {
    const next = standingAfter(standing, state, signedInAt());
    if (next !== undefined) enter(next);
  }

  /** What leads out of this standing; returns what takes it back. */
  function planNext(next: Standing): () => void {
    if (next.kind === 'away') return clock.schedule(Math.max(LEAST_PAUSE_MS, next.retryInMs), start);
    if (next.kind === 'signed-out') return awaitSignIn(next.tried);
    return () => undefined;
  }

  function awaitSignIn(tried: number | undefined): () => void {
    let cancel = (): void => undefined;
    const look = (): void => {
      if (signedInAt() === tried) cancel = clock.schedule(SIGN_IN_MS, look);
      else start();
    };
    cancel = clock.schedule(SIGN_IN_MS, look);
    return () => cancel();
  }

  async function load(): Promise<TaskClient> {
    const opened = await open(hear);
    client = opened;
    if (standing.kind === 'closed') await opened.close();
    return opened;
  }

  async function ready(): Promise<TaskClient> {
    if (standing.kind === 'closed') throw new TaskError('closed', 'This view was closed');
    opening ??= load();
    const of = await opening;
    if (standing.kind !== 'connected') await of.reconnect();
    return of;
  }

  function start(): void {
    void ready().catch(() => undefined); // the standing tells
  }

  return {
    get standing() {
      return standing;
    },
    get client() {
      return client;
    },
    leave() {
      enter({ kind: 'closed' });
      return client;
    },
    start() {
      if (standing.kind === 'idle') start();
    },
    ready,
    refused(error) {
      if (standing.kind === 'connected') enter({ kind: 'signed-out', error, tried: standing.tried });
    },
    async close() {
      enter({ kind: 'closed' });
      await opening?.then((of) => of.close()).catch(() => undefined);
    },
  };
}
