import type { TaskStore } from '@mcp-tasks/client';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { type Db, deleteOld, openJournal, recordStep } from './journal.ts';
import { createPace, type DemoOptions, type Pace } from './options.ts';
import { createTaskHost, type TaskHost } from './task-host.ts';
import { stateOf } from './task-record.ts';
import type { DemoTool } from './tool.ts';
import { createTools } from './tools/index.ts';

/** The parts shared by both revisions and both transports. */
export interface Demo {
  readonly options: DemoOptions;
  readonly db: Db;
  readonly pace: Pace;
  readonly tools: ReadonlyMap<string, DemoTool>;
  readonly host: TaskHost;
  readonly stop: () => Promise<void>;
}

export const SERVER_INFO = { name: 'mcp-tasks-demo', title: 'mcp-tasks demo', version: '0.1.0' } as const;

const HOUR_MS = 3_600_000;

/** The realm in an HTTP refusal. */
export const REALM = 'mcp-tasks demo';

export const INSTRUCTIONS =
  'A demo of durable tasks. "release" asks for an approval, "survey" asks two forms at once, "report" takes a while, "import" fails.';

export async function createDemo(options: DemoOptions, pageBase: () => string): Promise<Demo> {
  const { storeDirectory: directory } = options;
  const db = openJournal(directory);
  const pace = createPace(options.speed);
  const tools = createTools(options.conformance === true);
  try {
    const store = directory === undefined ? createMemoryStore() : await openTasks(directory);
    const host = await createTaskHost({
      ...{ store, tools, pace, pageBase },
      chaos: options.chaos ?? {},
      maxOpenTasks: options.maxOpenTasks,
      onStep: (record, event) =>
        recordStep(db, { id: record.id, event, position: stateOf(record).position }, Date.now()),
      onTrouble: options.onTrouble,
    });
    const forgetting = setInterval(() => deleteOld(db, Date.now()), HOUR_MS);
    forgetting.unref();
    const stop = async (): Promise<void> => {
      clearInterval(forgetting);
      await host.stop();
      db.close();
    };
    return { options, db, pace, tools, host, stop };
  } catch (error) {
    db.close();
    throw error;
  }
}

async function openTasks(directory: string): Promise<TaskStore> {
  const { openSqliteStore } = await import('@mcp-tasks/client/sqlite-store');
  // Tasks survive the process but not a power loss: no write waits for the disk.
  return openSqliteStore({ directory, durable: false });
}
