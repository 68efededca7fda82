import { isJsonObject, type JsonObject } from '@mcp-tasks/client';
import type { HostAnswer } from './ask-host.ts';
import type { ServerFace } from './bridge-cache.ts';
import type { HostCalls } from './host-calls.ts';
import type { HostLimits } from './host-limits.ts';
import type { NativeCalls } from './native-call.ts';
import type { NativeTasks } from './native-tasks.ts';
import { bridgedTools, ownNames } from './own-tools.ts';
import type { OwnNames } from './texts.ts';

/** One bridged server, for one host: the servers of both revisions answer out of it. */
export interface Front {
  readonly face: ServerFace;
  /** The tools of the server as they are known now, and ours beside them. */
  readonly tools: () => Promise<readonly JsonObject[]>;
  readonly names: () => OwnNames;
  /** For a host that knows no tasks. */
  readonly calls: HostCalls;
  /** For a host that knows tasks. */
  readonly tasks: NativeTasks;
  readonly nativeCalls: NativeCalls;
  /** Signs what a host carries from one round of questions to the next. */
  readonly stateKey: string;
  /** A request that is only passed through. */
  readonly forward: (method: string, params: JsonObject, signal: AbortSignal) => Promise<JsonObject>;
  /** Gives the answer of a person at the host to the task, when it still asks the same. */
  readonly answer: (id: string, key: string, digest: string | undefined, answer: HostAnswer) => Promise<void>;
  /** Chosen by the person, in ms. @default by the host's limits */
  readonly holdMs: number | undefined;
  /** What hosts have shown of how long they wait. */
  readonly limits: HostLimits;
  /** Whether hosts are asked at all, or the terminal alone. */
  readonly asksHost: boolean;
  /** Where results that are too large for a host are kept whole. */
  readonly resultsFolder: string;
  readonly now: () => number;
}

/** Capabilities that a bridge passes through, when the server offers them. */
const PASSED_ON = ['resources', 'prompts', 'completions', 'logging'] as const;

/** The capabilities beside tools that a host is offered. */
export function passedCapabilities({ capabilities }: ServerFace): JsonObject {
  const offered = PASSED_ON.filter((name) => capabilities[name] !== undefined);
  return Object.fromEntries(offered.map((name) => [name, capabilities[name]])) as JsonObject;
}

/** Requests that 2025-11-25 has and a server of 2026-07-28 does not know are not offered. */
export function capabilitiesFor20251125(face: ServerFace): JsonObject {
  const { logging, resources, ...passed } = passedCapabilities(face);
  const offered = { ...(resources === undefined ? {} : { resources }), ...(logging === undefined ? {} : { logging }) };
  if (face.revision !== '2026-07-28') return { ...passed, ...offered };
  if (!isJsonObject(resources)) return passed;
  const { subscribe, ...kept } = resources;
  return { ...passed, resources: kept };
}

export function namesBeside(tools: readonly JsonObject[]): OwnNames {
  return ownNames(new Set(tools.map(({ name }) => String(name))));
}

/** The tools for a host that knows no tasks: theirs, and ours for waiting. */
export async function heldTools(front: Front): Promise<{ readonly tools: readonly JsonObject[] }> {
  return { tools: bridgedTools(await front.tools()) };
}

export function instructionsFor({ instructions, tools }: ServerFace): string {
  const { wait, list } = namesBeside(tools);
  const ours = `A slow tool answers NOT FINISHED with a task id: call ${wait} with it. At the start of a session call ${list} once: results of earlier sessions may wait there.`;
  return instructions === null ? ours : `${instructions}\n${ours}`;
}

/** Whether a client shows this elicitation: forms where it shows forms (`{}` means so too), pages where it opens pages. */
export function canElicit(elicitation: JsonObject | undefined, params: JsonObject): boolean {
  if (elicitation === undefined) return false;
  if (params.mode === 'url') return elicitation.url !== undefined;
  return elicitation.form !== undefined || elicitation.url === undefined;
}
