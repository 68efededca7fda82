import { join } from 'node:path';
import type { ServerIdentity, TaskRecord } from '@mcp-tasks/client';
import type { Context } from '../context.ts';
import { stateDirectory } from '../state-directory.ts';
import type { ResolvedTarget } from './resolved-target.ts';

export const DEMO = 'demo';

export function isDemoRecord(record: TaskRecord): boolean {
  return record.server.fingerprint === DEMO;
}

/** The bundled server as a child over stdio. Its store is on disk, so that the next child finds its tasks. */
export function demoTarget(context: Context): ResolvedTarget {
  const store = join(stateDirectory(context), 'demo');
  return {
    target: {
      kind: 'command',
      command: context.execPath,
      args: [context.binPath, 'demo', '--stdio', '--store', store],
    },
    label: DEMO,
    headers: {},
    env: {},
    isDemo: true,
    words: [DEMO],
  };
}

/** An identity without paths: an update of Node.js or mcp-tasks must not orphan the demo's tasks. */
export const demoIdentity: ServerIdentity = {
  fingerprint: DEMO,
  label: DEMO,
  target: { kind: 'command', command: 'mcp-tasks', args: ['demo', '--stdio'] },
};
