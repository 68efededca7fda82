import type { InputResponse, TaskRecord } from '@mcp-tasks/client';
import { DEMO } from '../../targets/demo-target.ts';
import type { RunningLiveSession } from './create-live-session.ts';

/** Calls that `watch demo` starts when no demo task is open; one soon asks a question. */
const STORY: readonly (readonly [tool: string, args: TaskRecord['arguments']])[] = [
  ['release', { service: 'checkout', version: '2.4.0', environment: 'production' }],
  ['report', { topic: 'Response times' }],
  ['import', { file: 'prices.csv' }],
  ['batch', { items: 12 }],
];

/** Starts the calls and resolves to their record ids. */
export async function beginStory(live: RunningLiveSession): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const [tool, args] of STORY) ids.push(await live.begin(DEMO, tool, args));
  return ids;
}

export function hasOpenDemoTasks(live: RunningLiveSession): boolean {
  return [...live.records.values()].some(
    (record) => record.server.fingerprint === DEMO && record.phase !== 'settled' && record.phase !== 'intent',
  );
}

/**
 * Scripted answers for an unattended run. Applied only to tasks of this story at the bundled server, never elsewhere.
 */
const SCRIPT: Readonly<Record<string, InputResponse>> = {
  approval: { action: 'accept', content: { approve: true, note: 'answered by the script of the demo' } },
  strategy: { action: 'accept', content: { strategy: 'canary' } },
};

export function scriptedAnswer(key: string): InputResponse | undefined {
  return Object.hasOwn(SCRIPT, key) ? SCRIPT[key] : undefined;
}
