import { type Clock, type TaskClient, TaskError } from '@mcp-tasks/client';

const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;
/** After so long without trouble, the next retry is as soon as the first. */
const WELL_MS = 30_000;
/** How often somebody who signs in elsewhere is looked for. */
const SIGN_IN_MS = 500;

export interface LineOptions {
  readonly clock: Clock;
  readonly open: () => Promise<TaskClient>;
  /** Another value once somebody has signed in to this server, in whatever process. */
  readonly signedInAt: () => number | undefined;
  readonly label: string;
  /** It is tried for the first time, or for the first time after it was well. */
  readonly onConnecting: () => void;
  readonly onOpen: (client: TaskClient) => void;
  /** It could not be opened, or broke: what was on it is gone. */
  readonly onFailed: (error: unknown) => void;
}

/** One client of a server at a time, opened again when it ends. */
export interface Line {
  readonly client: TaskClient | undefined;
  /** Of the last attempt, until one succeeds. */
  readonly failure: unknown;
  readonly isClosed: boolean;
  start(): void;
  /** Tries at once where it waits to try again. @throws what kept it from opening */
  ready(): Promise<TaskClient>;
  /** What is open cannot be used any more. */
  broke(error: TaskError): void;
  close(): Promise<void>;
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting'; readonly attempt: Promise<void> }
  /** `tried` is the sign-in that the attempt began with; `well` takes back that it is well after a while. */
  | {
      readonly kind: 'open';
      readonly client: TaskClient;
      readonly tried: number | undefined;
      readonly well: () => void;
    }
  /** Tried again when its time comes, somebody signs in, or somebody wants it. */
  | { readonly kind: 'paused'; readonly failure: unknown; readonly cancel: () => void }
  | { readonly kind: 'closed' };

export function createLine(options: LineOptions): Line {
  const { clock, signedInAt } = options;
  let state: State = { kind: 'idle' };
  let failures = 0;

  function start(): void {
    if (state.kind === 'paused') state.cancel();
    if (state.kind === 'idle' || state.kind === 'paused') state = { kind: 'connecting', attempt: connect() };
  }

  async function connect(): Promise<void> {
    const tried = signedInAt();
    if (failures === 0) options.onConnecting();
    try {
      const client = await options.open();
      if (state.kind === 'closed') return await client.close();
      const well = clock.schedule(WELL_MS, () => {
        failures = 0;
      });
      state = { kind: 'open', client, tried, well };
      client.connection.onClosed(({ message }) => {
        if (state.kind === 'open' && state.client === client) broke(new TaskError('unreachable', message));
      });
      options.onOpen(client);
    } catch (error) {
      failed(error, tried);
    }
  }

  function failed(failure: unknown, tried: number | undefined): void {
    if (state.kind === 'closed') return;
    const code = TaskError.is(failure) ? failure.code : undefined;
    if (code === 'target-not-found') {
      state = { kind: 'paused', failure, cancel: () => undefined }; // what is misspelt does not cure itself
    } else if (code === 'auth-required' && signedInAt() === tried) {
      awaitSignIn(failure, tried);
    } else {
      const delayMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
      state = { kind: 'paused', failure, cancel: clock.schedule(delayMs, start) };
      failures += 1;
    }
    options.onFailed(failure);
  }

  /** The attempt failed with the sign-in that it knew: another one is waited for. */
  function awaitSignIn(failure: unknown, tried: number | undefined): void {
    const cancel = clock.schedule(SIGN_IN_MS, () => (signedInAt() === tried ? awaitSignIn(failure, tried) : start()));
    state = { kind: 'paused', failure, cancel };
  }

  function broke(error: TaskError): void {
    if (state.kind !== 'open') return;
    const { client, tried, well } = state;
    well();
    failed(error, tried);
    void client.close().catch(() => undefined);
  }

  return {
    get client() {
      return state.kind === 'open' ? state.client : undefined;
    },
    get failure() {
      return state.kind === 'paused' ? state.failure : undefined;
    },
    get isClosed() {
      return state.kind === 'closed';
    },
    start,
    async ready() {
      start();
      if (state.kind === 'connecting') await state.attempt;
      const now = state as State; // changed by the attempt
      if (now.kind === 'open') return now.client;
      if (now.kind === 'paused' && now.failure instanceof Error) throw now.failure;
      throw new TaskError('unreachable', `${options.label} is not connected now`);
    },
    broke,
    async close() {
      const before = state;
      state = { kind: 'closed' };
      if (before.kind === 'paused') before.cancel();
      if (before.kind !== 'open') return;
      before.well();
      await before.client.close().catch(() => undefined);
    },
  };
}
