import type { Clock } from '../clock.ts';
import type { TaskRecord } from '../task/record.ts';
import { placeOf } from './driven-place.ts';
import { type DrivenServer, type DrivenServerOptions, openDrivenServer } from './driven-server.ts';
import type { UnreachableServers } from './unreachable-servers.ts';

/** Closes a connection without tasks after this time. */
const IDLE_MS = 60_000;

export type OpenServersOptions = Omit<DrivenServerOptions, 'dropped' | 'stoodBack' | 'clock'> & {
  readonly clock: Clock;
};

/** The servers of a worker, one for each place: opened on demand, and closed when they are idle. */
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
    const place = placeOf(record);
    const known = this.#opening.get(place);
    if (known !== undefined) return known;
    const dropped = (server: DrivenServer): void => this.#rest(place, server);
    const stoodBack = (): void => this.#unreachable.note(record);
    const opened = openDrivenServer(record, { ...this.#options, dropped, stoodBack });
    this.#opening.set(place, opened);
    opened.then(
      (server) => this.#open.set(place, server),
      () => this.#opening.delete(place),
    );
    return opened;
  }

  async close(): Promise<void> {
    for (const cancel of this.#idle.values()) cancel();
    const closed = [...this.#opening.values()].map((opened) => opened.then((server) => server.close()));
    await Promise.all(closed.map((each) => each.catch(() => undefined)));
  }

  #rest(place: string, server: DrivenServer): void {
    if (server.followers.size > 0 || this.#idle.has(server)) return;
    const cancel = this.#options.clock.schedule(IDLE_MS, () => {
      this.#idle.delete(server);
      if (server.followers.size > 0) return;
      this.#open.delete(place);
      this.#opening.delete(place);
      void server.close();
    });
    this.#idle.set(server, cancel);
  }
}
