import { type Clock, monotonicNow } from '../clock.ts';
import type { TaskRecord } from '../task/record.ts';

const FIRST_MS = 5_000;
const MOST_MS = 60_000;

/**
 * - `away`: its tasks are left to others, until a connection opens.
 * - `back`: it was reached again. If that does not last, the next pause is longer.
 */
type Reach =
  | { readonly kind: 'away'; readonly pauseMs: number; readonly cancel: () => void }
  | { readonly kind: 'back'; readonly since: number; readonly pauseMs: number };

/** The servers that this worker cannot reach. It retries them with back-off. */
export class UnreachableServers {
  readonly #clock: Clock;
  readonly #open: (record: TaskRecord) => Promise<void>;
  readonly #reach = new Map<string, Reach>();

  /** `open` opens a connection to the server of a record, and closes it. */
  constructor(clock: Clock, open: (record: TaskRecord) => Promise<void>) {
    this.#clock = clock;
    this.#open = open;
  }

  /** By fingerprint. */
  get all(): readonly string[] {
    return [...this.#reach].filter(([, { kind }]) => kind === 'away').map(([fingerprint]) => fingerprint);
  }

  /** The server of this record cannot be reached. */
  note(record: TaskRecord): void {
    const reach = this.#reach.get(record.server.fingerprint);
    if (reach?.kind === 'away') return; // another task of the same server
    const isInARow = reach !== undefined && monotonicNow(this.#clock) - reach.since < MOST_MS;
    this.#wait(record, isInARow ? Math.min(MOST_MS, reach.pauseMs * 2) : FIRST_MS);
  }

  stop(): void {
    for (const reach of this.#reach.values()) if (reach.kind === 'away') reach.cancel();
    this.#reach.clear();
  }

  #wait(record: TaskRecord, pauseMs: number): void {
    const cancel = this.#clock.schedule(pauseMs, () => void this.#retry(record, pauseMs));
    this.#reach.set(record.server.fingerprint, { kind: 'away', pauseMs, cancel });
  }

  async #retry(record: TaskRecord, pauseMs: number): Promise<void> {
    const { fingerprint } = record.server;
    const opened = await this.#open(record).then(
      () => true,
      () => false,
    );
    if (!this.#reach.has(fingerprint)) return; // stopped meanwhile
    if (opened) this.#reach.set(fingerprint, { kind: 'back', since: monotonicNow(this.#clock), pauseMs });
    else this.#wait(record, Math.min(MOST_MS, pauseMs * 2));
  }
}
