export * as mcp20251125 from './mcp-2025-11-25.ts';
export * as mcp20260728 from './mcp-2026-07-28.ts';
export { type ServedTask, servedTask } from './served-task.ts';
