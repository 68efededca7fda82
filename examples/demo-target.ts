import { fileURLToPath } from 'node:url';
import type { Target } from '@mcp-tasks/client';

const bin = fileURLToPath(new URL('bin/mcp-tasks.js', import.meta.resolve('@mcp-tasks/cli/package.json')));

/** The bundled demo server over stdio; with a directory its tasks survive the process. */
export function demoTarget(storeDirectory?: string): Target {
  return { kind: 'command', ...demoCommand(storeDirectory) };
}

export function demoCommand(storeDirectory?: string): { readonly command: string; readonly args: string[] } {
  const store = storeDirectory === undefined ? [] : ['--store', storeDirectory];
  return {
    command: process.execPath,
    args: [bin, 'demo', '--stdio', '--speed', process.env.DEMO_SPEED ?? '1', ...store],
  };
}
