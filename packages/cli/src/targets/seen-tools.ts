import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, type JsonValue, type ToolDescription } from '@mcp-tasks/client';
import type { Context } from '../context.ts';
import { stateDirectory } from '../state-directory.ts';
import type { ResolvedTarget } from './resolved-target.ts';

/** An argument, for completion. */
export interface SeenArgument {
  readonly name: string;
  readonly values: readonly string[];
}

export interface SeenTool {
  readonly name: string;
  readonly about: string;
  readonly args: readonly SeenArgument[];
}

const MAX_SERVERS = 100;
const MAX_TOOLS = 300;
const MAX_ARGUMENTS = 50;
const MAX_ABOUT = 80;

type Seen = Map<string, readonly SeenTool[]>;

function pathOf(context: Context): string {
  return join(stateDirectory(context), 'seen-tools.json');
}

async function readSeen(context: Context): Promise<Seen> {
  const kept: JsonValue = await readFile(pathOf(context), 'utf8')
    .then(JSON.parse)
    .catch(() => ({}));
  const entries = isJsonObject(kept) ? Object.entries(kept) : [];
  return new Map(entries.filter(([, tools]) => Array.isArray(tools)) as [string, never][]);
}

/** The tools of a server as last listed, by the word that names the server. */
export async function seenTools(context: Context, word: string): Promise<readonly SeenTool[]> {
  return (await readSeen(context)).get(word) ?? [];
}

/** Saves tool names for completion. A command after `--` has no word to complete. */
export async function rememberTools(
  context: Context,
  { words }: ResolvedTarget,
  tools: readonly ToolDescription[],
): Promise<void> {
  const [word] = words;
  if (words.length !== 1 || word === undefined) return;
  const seen = await readSeen(context);
  seen.delete(word);
  seen.set(word, tools.slice(0, MAX_TOOLS).map(summarize));
  const kept = [...seen].slice(-MAX_SERVERS);
  const path = pathOf(context);
  const draft = `${path}.${context.pid}`;
  // Only completion depends on this file: write errors are ignored.
  await mkdir(stateDirectory(context), { recursive: true, mode: 0o700 })
    .then(() => writeFile(draft, JSON.stringify(Object.fromEntries(kept)), { mode: 0o600 }))
    .then(() => rename(draft, path))
    .catch(() => undefined);
}

function summarize({ name, title, description, inputSchema }: ToolDescription): SeenTool {
  const properties = isJsonObject(inputSchema.properties) ? Object.entries(inputSchema.properties) : [];
  const args = properties.slice(0, MAX_ARGUMENTS).map(([key, schema]) => ({ name: key, values: valuesOf(schema) }));
  return { name, about: (title ?? description ?? '').slice(0, MAX_ABOUT), args };
}

function valuesOf(schema: JsonValue | undefined): readonly string[] {
  if (!isJsonObject(schema)) return [];
  if (schema.type === 'boolean') return ['true', 'false'];
  return Array.isArray(schema.enum) ? schema.enum.slice(0, MAX_ARGUMENTS).map(String) : [];
}
