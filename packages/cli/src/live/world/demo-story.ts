import type { InputResponse, TaskRecord } from '@mcp-tasks/client';
import { DEMO } from '../../targets/demo-target.ts';
import type { RunningDesk } from './create-live-session.ts';

/** What `watch demo` starts when nothing is under way there: enough to look at, and soon a question. */
const STORY: readonly (readonly [tool: string, args: TaskRecord['arguments']])[] = [
  ['release', { service: 'checkout', version: '2.4.0', environment: 'production' }],
  ['report', { topic: 'Response times' }],
  ['import', { file: 'prices.csv' }],
  ['batch', { items: 12 }],
];

/** The ids of the tasks it began. */
export async function beginStory(desk: RunningDesk): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const [tool, args] of STORY) ids.push(await desk.begin(DEMO, tool, args));
  return ids;
}

export function hasOpenDemoTasks(desk: RunningDesk): boolean {
  return [...desk.records.values()].some(
    (record) => record.server.fingerprint === DEMO && record.phase !== 'settled' && record.phase !== 'intent',
  );
}

/**
 * The demo's own answers to the story's questions, for a run that nobody watches. Only for the bundled server and only
 * for the tasks of its own story: for anything else nothing is ever answered.
 */
const SCRIPT: Readonly<Record<string, InputResponse>> = {
  approval: { action: 'accept', content: { approve: true, note: 'answered by the script of the demo' } },
  strategy: { action: 'accept', content: { strategy: 'canary' } },
};

export function scriptedAnswer(key: string): InputResponse | undefined {
  return Object.hasOwn(SCRIPT, key) ? SCRIPT[key] : undefined;
}
