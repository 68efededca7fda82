export * as mcp20251125 from './mcp-2025-11-25/index.ts';
export * as mcp20260728 from './mcp-2026-07-28/index.ts';
export { type ServedTask, servedTask } from './served-task.ts';
export { type ServedPage, type ServedTasks, ServeRefusal } from './served-tasks.ts';
