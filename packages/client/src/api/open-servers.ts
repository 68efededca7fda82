import type { Clock } from '../clock.ts';
import type { TaskRecord } from '../task/record.ts';
import { connectionKeyOf } from './connection-key.ts';
import { type DrivenServer, type DrivenServerOptions, openDrivenServer } from './driven-server.ts';
import type { UnreachableServers } from './unreachable-servers.ts';

/** Closes a connection without tasks after this time. */
const IDLE_MS = 60_000;

export type OpenServersOptions = Omit<DrivenServerOptions, 'dropped' | 'stoodBack' | 'clock'> & {
  readonly clock: Clock;
};

/** The servers of a worker, one for each connection key: opened on demand, and closed when they are idle. */
export class OpenServers {
  readonly #options: OpenServersOptions;
  readonly #unreachable: UnreachableServers;
  readonly #opening = new Map<string, Promise<DrivenServer>>();
  readonly #open = new Map<string, DrivenServer>();
  readonly #idle = new Map<DrivenServer, () => void>();

  constructor(options: OpenServersOptions, unreachable: UnreachableServers) {
    this.#options = options;
    this.#unreachable = unreachable;
  }

  all(): readonly DrivenServer[] {
    return [...this.#open.values()];
  }

  /** How many tasks they drive. */
  get tasks(): number {
    let count = 0;
    for (const { followers } of this.#open.values()) count += followers.size;
    return count;
  }

  /** The server of this record. A failure to open it is not kept: the next call tries again. */
  of(record: TaskRecord): Promise<DrivenServer> {
    const key = connectionKeyOf(record);
    const known = this.#opening.get(key);
    if (known !== undefined) return known;
    const dropped = (server: DrivenServer): void => this.#rest(key, server);
    const stoodBack = (): void => this.#unreachable.note(record);
    const opened = openDrivenServer(record, { ...this.#options, dropped, stoodBack });
    this.#opening.set(key, opened);
    opened.then(
      (server) => this.#open.set(key, server),
      () => this.#opening.delete(key),
    );
    return opened;
  }

  async close(): Promise<void> {
    for (const cancel of this.#idle.values()) cancel();
    const closed = [...this.#opening.values()].map((opened) => opened.then((server) => server.close()));
    await Promise.all(closed.map((each) => each.catch(() => undefined)));
  }

  #rest(key: string, server: DrivenServer): void {
    if (server.followers.size > 0 || this.#idle.has(server)) return;
    const cancel = this.#options.clock.schedule(IDLE_MS, () => {
      this.#idle.delete(server);
      if (server.followers.size > 0) return;
      this.#open.delete(key);
      this.#opening.delete(key);
      void server.close();
    });
    this.#idle.set(server, cancel);
  }
}
