import { randomBytes } from 'node:crypto';
import { Client, type ClientConfig } from 'pg';

const MIN_RETRY_MS = 250;
const MAX_RETRY_MS = 15_000;
const CHECK_MS = 10_000;
const RESPONSE_TIMEOUT_MS = 5_000;

/**
 * - `off`: not needed yet. `closed`: for good.
 * - `connecting`: a connection is being made. `resting`: waits to retry.
 * - `up`: listens, and holds the advisory lock that proves that this process lives.
 */
type State =
  | { readonly kind: 'off' | 'connecting' | 'closed' }
  | { readonly kind: 'resting'; readonly timer: NodeJS.Timeout }
  | { readonly kind: 'up'; readonly client: Client; readonly lockKey: string; readonly timer: NodeJS.Timeout };

export interface SessionEvents {
  /** A notification arrived on a channel. */
  onNotification(channel: string): void;
  /** Listening began; `isAgain`: notifications since the previous connection were missed. */
  onListening(isAgain: boolean): void;
  /** The lock is gone: other processes may treat this one as dead. */
  onLost(): void;
}

/** The one permanent connection: receives notifications, and its lock ends with the process. */
export interface Session {
  readonly isListening: boolean;
  readonly lockKey: string | undefined;
  start(): void;
  listen(channel: string): void;
  unlisten(channel: string): void;
  close(): Promise<void>;
}

/** 62 random bits: the key is not negative. */
function newLockKey(): string {
  return (randomBytes(8).readBigUInt64BE() >> 2n).toString();
}

export function createSession(config: ClientConfig | undefined, events: SessionEvents): Session {
  const channels = new Set<string>();
  let state: State = { kind: 'off' };
  let retryMs = MIN_RETRY_MS;
  let hasListened = false;

  function scheduleRetry(): void {
    const timer = setTimeout(() => void connect(), retryMs * (0.75 + Math.random() / 2));
    timer.unref();
    state = { kind: 'resting', timer };
    retryMs = Math.min(MAX_RETRY_MS, retryMs * 2);
  }

  /** Drops an unresponsive, ended or broken connection, and schedules a reconnect. */
  function dropClient(client: Client): void {
    client.end().catch(() => undefined);
    if (state.kind !== 'up' || state.client !== client) return;
    clearInterval(state.timer);
    scheduleRetry();
    events.onLost();
  }

  async function connect(): Promise<void> {
    state = { kind: 'connecting' };
    const client = new Client({
      ...config,
      keepAlive: true,
      connectionTimeoutMillis: RESPONSE_TIMEOUT_MS,
      query_timeout: RESPONSE_TIMEOUT_MS,
    });
    client.on('error', () => dropClient(client));
    client.on('end', () => dropClient(client));
    client.on('notification', ({ channel }) => events.onNotification(channel));
    const lockKey = newLockKey();
    try {
      await client.connect();
      await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
      for (const channel of channels) await client.query(`LISTEN "${channel}"`);
    } catch {
      client.end().catch(() => undefined);
      if (kindNow() === 'connecting') scheduleRetry();
      return;
    }
    if (kindNow() !== 'connecting') return void client.end().catch(() => undefined);
    const timer = setInterval(() => client.query('SELECT 1').catch(() => dropClient(client)), CHECK_MS);
    timer.unref();
    state = { kind: 'up', client, lockKey, timer };
    retryMs = MIN_RETRY_MS;
    const isAgain = hasListened;
    hasListened = true;
    events.onListening(isAgain);
  }

  /** Current state: it may have changed during an `await`. */
  function kindNow(): State['kind'] {
    return state.kind;
  }

  function sendStatement(text: string): void {
    if (state.kind !== 'up') return;
    const { client } = state;
    client.query(text).catch(() => dropClient(client));
  }

  return {
    get isListening() {
      return state.kind === 'up';
    },
    get lockKey() {
      return state.kind === 'up' ? state.lockKey : undefined;
    },
    start() {
      if (config !== undefined && state.kind === 'off') void connect();
    },
    listen(channel) {
      channels.add(channel);
      sendStatement(`LISTEN "${channel}"`);
    },
    unlisten(channel) {
      channels.delete(channel);
      sendStatement(`UNLISTEN "${channel}"`);
    },
    async close() {
      const before = state;
      state = { kind: 'closed' };
      if (before.kind === 'resting') clearTimeout(before.timer);
      if (before.kind !== 'up') return;
      clearInterval(before.timer);
      await before.client.end().catch(() => undefined);
    },
  };
}
