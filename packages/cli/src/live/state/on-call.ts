import type { JsonObject, ToolDescription } from '@mcp-tasks/client';
import { CALL_CHOICES, createFormState } from '../../forms/form-state.ts';
import { matchingTools } from './matching-tools.ts';
import type { Step } from './message.ts';
import type { Model, Page, ServerInfo } from './model.ts';
import { selectedRecord } from './selection.ts';

/** All servers, connected ones first: a connecting one lists its tools later, any other is retried. */
export function callableServers(model: Model): readonly ServerInfo[] {
  const away = (server: ServerInfo) => (server.state === 'connected' ? 0 : 1);
  return [...model.servers.values()].sort((a, b) => away(a) - away(b));
}

/** Starts a call on the given or only server; otherwise lists the servers to pick from. */
export function startCall(model: Model, fingerprint?: string): Step<Model> {
  const servers = callableServers(model);
  const only = servers.length === 1 ? servers[0]?.fingerprint : undefined;
  const chosen = fingerprint ?? only;
  if (chosen !== undefined) return askForTools(model, chosen);
  const near = servers.findIndex((server) => server.fingerprint === selectedRecord(model)?.server.fingerprint);
  return [{ ...model, page: { kind: 'pick-server', at: Math.max(0, near) } }, []];
}

/** Opens the form of the selected task's call, filled in with its arguments; sends nothing. */
export function callAgain(model: Model): Step<Model> {
  const record = selectedRecord(model);
  if (record === undefined || !model.servers.has(record.server.fingerprint)) return [model, []];
  const [next, commands] = askForTools(model, record.server.fingerprint);
  const { page } = next;
  if (page.kind !== 'pick-tool') return [next, commands];
  return [
    { ...next, page: { ...page, again: { id: record.id, tool: record.tool, args: record.arguments } } },
    commands,
  ];
}

export function chooseServer(model: Model, at: number): Step<Model> {
  const server = callableServers(model)[at];
  return server === undefined ? [model, []] : askForTools(model, server.fingerprint);
}

function askForTools(model: Model, fingerprint: string): Step<Model> {
  const page: Page = { kind: 'pick-tool', fingerprint, tools: 'loading', at: 0, filter: { text: '', cursor: 0 } };
  return [{ ...model, page }, [{ kind: 'load-tools', fingerprint }]];
}

/** Asks a reconnected server again, if a person waits for its tools. */
export function retryTools(model: Model, fingerprint: string): Step<Model> {
  const { page } = model;
  const waits = page.kind === 'pick-tool' && page.fingerprint === fingerprint && isFailed(page.tools);
  return waits
    ? [{ ...model, page: { ...page, tools: 'loading' } }, [{ kind: 'load-tools', fingerprint }]]
    : [model, []];
}

function isFailed(tools: Extract<Page, { kind: 'pick-tool' }>['tools']): boolean {
  return tools !== 'loading' && 'failed' in tools;
}

export function chooseTool(model: Model, page: Extract<Page, { kind: 'pick-tool' }>): Step<Model> {
  if (page.tools === 'loading' || 'failed' in page.tools) return [model, []];
  const tool = matchingTools(page.tools, page.filter.text)[page.at];
  return tool === undefined ? [model, []] : openCall(model, page.fingerprint, tool);
}

export function openCall(
  model: Model,
  fingerprint: string,
  tool: ToolDescription,
  again?: { readonly id: string; readonly args: JsonObject },
): Step<Model> {
  const form = createFormState(tool.inputSchema, CALL_CHOICES, again?.args);
  const rerunOf = again === undefined ? {} : { rerunOf: again.id };
  return [{ ...model, page: { kind: 'call', fingerprint, tool, form, ...rerunOf } }, []];
}
