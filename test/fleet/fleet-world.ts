import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { embeddedPrograms } from '../support/postgres/find-programs.ts';
import { type PostgresServer, startPostgres } from '../support/postgres/start-server.ts';
import { type CountingServer, startCountingServer } from './counting-server.ts';
import { type DatabaseProxy, openDatabaseProxy } from './database-proxy.ts';
import { type OpenedStore, openStore } from './open-store.ts';
import { startWorker, type WorkerProcess } from './worker-process.ts';

const SCHEMA = 'fleet';
const CREATED_AT_ONCE = 50;

export interface FleetOptions {
  readonly workers: number;
  readonly tasks: number;
  readonly hintMs: number;
}

/** One worker of the fleet with its own database connection. */
export interface FleetWorker extends WorkerProcess {
  readonly proxy: DatabaseProxy;
  held: number;
  statements: number;
}

/** A database, a server and workers; the output of the workers is recorded. */
export interface FleetWorld {
  readonly server: CountingServer;
  readonly database: PostgresServer;
  readonly opened: OpenedStore;
  readonly workers: Set<FleetWorker>;
  /** Number of deliveries of each task's outcome, by local id. */
  readonly delivered: Map<string, number>;
  /** Workers that exited without being stopped. */
  crashes: number;
  start(): Promise<FleetWorker>;
  /** Number of open tasks whose lease this owner holds, by the database. */
  heldBy(owner: string): Promise<number>;
  /** Number of open tasks whose lease a live owner holds. */
  heldByAll(): Promise<number>;
  end(): Promise<void>;
}

export async function createFleetWorld({ tasks, hintMs }: FleetOptions): Promise<FleetWorld> {
  const programs = embeddedPrograms();
  if (programs === undefined) throw new Error('There is no PostgreSQL to run a fleet on');
  const folder = mkdtempSync(join(tmpdir(), 'mcp-tasks-fleet-'));
  chmodSync(folder, 0o711); // the database runs as another user
  const database = await startPostgres(programs, join(folder, 'postgres'), { durable: true });
  const server = await startCountingServer(hintMs);
  const opened = await openStore({ kind: 'postgres', url: database.url, schema: SCHEMA });
  const admin = new pg.Pool({ connectionString: database.url, max: 1, connectionTimeoutMillis: 2_000 });
  admin.on('error', () => undefined);
  const workers = new Set<FleetWorker>();
  const delivered = new Map<string, number>();
  let started = 0;

  const target = { kind: 'url', url: server.url } as const;
  const of = { fingerprint: 'fleet', label: 'fleet', target };
  for (let from = 0; from < tasks; from += CREATED_AT_ONCE) {
    const part = Array.from({ length: Math.min(CREATED_AT_ONCE, tasks - from) }, (_, index) => from + index);
    await Promise.all(
      part.map((n) =>
        opened.store.create(sampleRecord({ id: `a${n}`, taskId: `t${n}`, server: of, pollIntervalMs: hintMs })),
      ),
    );
  }

  async function count(text: string, values: readonly string[]): Promise<number> {
    const { rows } = await admin.query<{ count: number }>(text, [...values]);
    return rows[0]?.count ?? 0;
  }

  const world: FleetWorld = {
    server,
    database,
    opened,
    workers,
    delivered,
    crashes: 0,
    async start() {
      started += 1;
      const proxy = await openDatabaseProxy(database.url);
      const store = { kind: 'postgres', url: proxy.url, schema: SCHEMA } as const;
      const child = startWorker({ name: `w${started}`, store }, (output) => {
        if ('settled' in output) delivered.set(output.settled, (delivered.get(output.settled) ?? 0) + 1);
        if (!('held' in output)) return;
        worker.held = output.held;
        worker.statements = output.statements;
      });
      const worker: FleetWorker = { ...child, proxy, held: 0, statements: 0 };
      workers.add(worker);
      void child.ended.then((code) => {
        proxy.stop();
        workers.delete(worker);
        if (code !== 0 && code !== null) world.crashes += 1;
      });
      await child.owner;
      return worker;
    },
    heldBy: (owner) => count(`SELECT count(*)::int AS count FROM ${SCHEMA}.records WHERE owner = $1 AND open`, [owner]),
    heldByAll: () =>
      count(
        `SELECT count(*)::int AS count FROM ${SCHEMA}.records r JOIN ${SCHEMA}.workers w ON w.owner = r.owner
          WHERE r.open AND w.seen > ${SCHEMA}.now_ms() - 10000`,
        [],
      ),
    async end() {
      for (const worker of workers) worker.signal('SIGKILL');
      await Promise.all([...workers].map(({ ended }) => ended));
      server.stop();
      await opened.close();
      await admin.end();
      await database.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return world;
}
