import { join } from 'node:path';
import type { ServerIdentity, TaskRecord } from '@mcp-tasks/client';
import type { Context } from '../context.ts';
import { stateDirectory } from '../state-directory.ts';
import type { ResolvedTarget } from './resolved-target.ts';

export const DEMO = 'demo';

export function isDemoRecord(record: TaskRecord): boolean {
  return record.server.fingerprint === DEMO;
}

/** The bundled server as our child over stdio, with its tasks on disk: the next child finds them again. */
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

/** The same server wherever Node.js and we are installed, so that an update does not orphan its tasks. */
export const demoIdentity: ServerIdentity = {
  fingerprint: DEMO,
  label: DEMO,
  target: { kind: 'command', command: 'mcp-tasks', args: ['demo', '--stdio'] },
};
