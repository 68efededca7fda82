import { TaskEngine } from './engine.ts';
import { createPace, type DemoOptions, type Pace } from './options.ts';
import type { DemoTool } from './script.ts';
import { type Db, openStore } from './store.ts';
import { createTools } from './tools/index.ts';

/** The parts shared by both revisions and both transports. */
export interface Demo {
  readonly options: DemoOptions;
  readonly db: Db;
  readonly pace: Pace;
  readonly tools: ReadonlyMap<string, DemoTool>;
  readonly engine: TaskEngine;
}

export const SERVER_INFO = { name: 'mcp-tasks-demo', title: 'mcp-tasks demo', version: '0.1.0' } as const;

/** The realm in an HTTP refusal. */
export const REALM = 'mcp-tasks demo';

export const INSTRUCTIONS =
  'A demo of durable tasks. "release" asks for an approval, "survey" asks two forms at once, "report" takes a while, "import" fails.';

export function createDemo(options: DemoOptions, pageBase: () => string): Demo {
  const db = openStore(options.storeDirectory);
  const pace = createPace(options.speed);
  const tools = createTools(options.conformance === true);
  const engine = new TaskEngine({
    db,
    tools,
    pace,
    chaos: options.chaos ?? {},
    pageBase,
    maxOpenTasks: options.maxOpenTasks,
    onTrouble: options.onTrouble,
  });
  return { options, db, pace, tools, engine };
}
