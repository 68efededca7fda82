import { isJsonObject, type JsonObject } from '@mcp-tasks/client';
import { mcp20260728 } from '@mcp-tasks/client/serve';
import type { HostAnswer } from './ask-host.ts';
import type { ServerDescription } from './bridge-cache.ts';
import type { FrontFile } from './front-file.ts';
import type { HostCalls } from './host-calls.ts';
import type { HostLimits } from './host-limits.ts';
import type { NativeCalls } from './native-call.ts';
import type { NativeTasks } from './native-tasks.ts';
import { bridgedTools, ownNames } from './own-tools.ts';
import type { OwnNames } from './texts.ts';

/** A notification for hosts. */
export type Notify = (method: string, params: JsonObject) => void;

/** One bridged server for one host, shared by the servers of both revisions. */
export interface Front {
  readonly description: ServerDescription;
  /** The current tools of the server. */
  readonly tools: () => Promise<readonly JsonObject[]>;
  readonly names: () => OwnNames;
  /** Calls of a host without tasks. */
  readonly calls: HostCalls;
  /** Tasks for a host with tasks. */
  readonly tasks: NativeTasks;
  readonly nativeCalls: NativeCalls;
  /** Signs the request state between two rounds of questions. */
  readonly stateKey: string;
  /** Forwards a request to the server. */
  readonly forward: (method: string, params: JsonObject, signal: AbortSignal) => Promise<JsonObject>;
  /** Sends the answer of a person at the host to the task, if the question is unchanged. */
  readonly answer: (id: string, key: string, digest: string | undefined, answer: HostAnswer) => Promise<void>;
  /** Hold time set by the person, in ms. @default the host's limit */
  readonly holdMs: number | undefined;
  /** Learned call limits of hosts. */
  readonly limits: HostLimits;
  /** This process in `bridge status`. */
  readonly file: FrontFile;
  /** Whether hosts are asked, or only the terminal. */
  readonly asksHost: boolean;
  /** Accept answers at any speed, also from a model. */
  readonly modelMayAnswer: boolean;
  /** Cancelling a request in the host cancels its task. */
  readonly cancelUpstream: boolean;
  /** Folder of whole results that are too large for a host. */
  readonly resultsFolder: string;
  readonly now: () => number;
}

/** Capabilities of the server that a bridge passes on. */
const PASSED_ON = ['resources', 'prompts', 'completions', 'logging'] as const;

/** Capabilities other than tools that a host is offered. */
export function passedCapabilities({ capabilities }: ServerDescription): JsonObject {
  const offered = PASSED_ON.filter((name) => capabilities[name] !== undefined);
  return Object.fromEntries(offered.map((name) => [name, capabilities[name]])) as JsonObject;
}

/** Requests of 2025-11-25 that a server of 2026-07-28 lacks are not offered. */
export function capabilitiesFor20251125(description: ServerDescription): JsonObject {
  const { logging, resources, ...passed } = passedCapabilities(description);
  const offered = { ...(resources === undefined ? {} : { resources }), ...(logging === undefined ? {} : { logging }) };
  if (description.revision !== '2026-07-28') return { ...passed, ...offered };
  if (!isJsonObject(resources)) return passed;
  const { subscribe, ...kept } = resources;
  return { ...passed, resources: kept };
}

export function bridgeToolNames(tools: readonly JsonObject[], modelMayAnswer = false): OwnNames {
  return ownNames(new Set(tools.map(({ name }) => String(name))), modelMayAnswer);
}

/** Tools for a host without tasks: the server's, and ours for waiting. */
export async function heldTools(front: Front): Promise<{ readonly tools: readonly JsonObject[] }> {
  return { tools: bridgedTools(await front.tools(), front.names()) };
}

/** The description of the server for a host of 2025-11-25 or earlier. */
export function aboutFor20251125(description: ServerDescription): {
  readonly capabilities: JsonObject;
  readonly instructions: string;
} {
  const tasks = { list: {}, cancel: {}, requests: { tools: { call: {} } } };
  const capabilities = { ...capabilitiesFor20251125(description), tools: { listChanged: true }, tasks };
  return { capabilities, instructions: instructionsFor(description) };
}

/** The description of the server for a host of 2026-07-28. */
export function aboutFor20260728(description: ServerDescription): {
  readonly capabilities: JsonObject;
  readonly instructions?: string;
} {
  const extensions = { [mcp20260728.TASKS_EXTENSION]: {} };
  const capabilities = { ...passedCapabilities(description), tools: { listChanged: true }, extensions };
  return { capabilities, ...(description.instructions === null ? {} : { instructions: description.instructions }) };
}

function instructionsFor({ instructions, tools }: ServerDescription): string {
  const { wait, list } = bridgeToolNames(tools);
  const ours = `A slow tool answers NOT FINISHED with a task id: call ${wait} with it. At the start of a session call ${list} once: results of earlier sessions may wait there.`;
  return instructions === null ? ours : `${instructions}\n${ours}`;
}

/** Whether a client can show this elicitation. Capability `{}` means forms. */
export function canElicit(elicitation: JsonObject | undefined, params: JsonObject): boolean {
  if (elicitation === undefined) return false;
  if (params.mode === 'url') return elicitation.url !== undefined;
  return elicitation.form !== undefined || elicitation.url === undefined;
}
