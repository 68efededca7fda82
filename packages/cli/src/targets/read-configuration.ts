import { readFile } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import type { ConfigurationFile } from './configuration-files.ts';
import { digestOfEntry } from './entry-digest.ts';
import { parseConfiguration } from './parse-configuration.ts';
import { readEntry, type ServerEntry } from './read-entry.ts';

/** A server as written in a file, with its variables unexpanded. */
export interface ConfiguredServer {
  readonly name: string;
  readonly file: ConfigurationFile;
  /** Default working directory of a stdio server. */
  readonly directory: string;
  readonly entry: ServerEntry;
  /** SHA-256 of the entry as it stands in the file. */
  readonly digest: string;
}

/** The supported shapes, for an error about a file without any of them. */
export const SHAPES =
  'mcpServers, servers, mcp_servers, context_servers, mcp (opencode), mcp.servers and extensions (goose) are read.';

/** The servers of one file; empty when the file is missing. @throws {CliError} when it cannot be read or parsed */
export async function readConfiguration(file: ConfigurationFile, cwd: string): Promise<readonly ConfiguredServer[]> {
  const bytes = await readFile(file.path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new CliError(
      'configuration-invalid',
      `${file.path} cannot be read: ${error.code ?? error.message}`,
      'Make it readable, or move it away.',
    );
  });
  if (bytes === undefined) return [];
  const content = await parseConfiguration(file, bytes);
  if (!isJsonObject(content)) return [];
  return groupsOf(content, file, cwd).flatMap(({ servers, directory }) =>
    Object.entries(isJsonObject(servers) ? servers : {}).map(([name, value]) => ({
      name,
      file,
      directory,
      entry: readEntry(value),
      digest: digestOfEntry(value ?? null),
    })),
  );
}

interface Group {
  readonly servers: JsonValue | undefined;
  readonly directory: string;
}

function groupsOf(content: JsonObject, file: ConfigurationFile, cwd: string): readonly Group[] {
  const { mcp } = content;
  const ofMcp = isJsonObject(mcp) ? [isJsonObject(mcp.servers) ? mcp.servers : openCode(mcp)] : [];
  const others = [content.mcpServers, content.servers, content.mcp_servers, content.context_servers, ...ofMcp];
  const goose = file.format === 'yaml' ? [content.extensions] : [];
  return [
    ...projectGroups(content, cwd),
    ...[...others, ...goose].map((servers) => ({ servers, directory: file.directory })),
  ];
}

/** Other hosts also have an `mcp` setting, without servers. opencode writes variables as `{env:NAME}`. */
function openCode(mcp: JsonObject): JsonObject {
  const servers = Object.entries(mcp).filter(([, each]) => isJsonObject(each) && typeof each.type === 'string');
  const written = JSON.stringify(Object.fromEntries(servers)).replace(/\{(env:[\w.-]+)\}/g, '$${$1}');
  return JSON.parse(written) as JsonObject;
}

/** Claude Code keeps servers per project in the user's file: take those of this directory and its parents. */
function projectGroups(content: JsonObject, cwd: string): readonly Group[] {
  const projects = isJsonObject(content.projects) ? Object.entries(content.projects) : [];
  return projects
    .filter(([directory]) => isWithin(cwd, directory))
    .sort(([one], [other]) => other.length - one.length)
    .map(([directory, project]) => ({ servers: isJsonObject(project) ? project.mcpServers : undefined, directory }));
}

function isWithin(path: string, directory: string): boolean {
  if (!isAbsolute(directory)) return false;
  const below = relative(directory, path);
  return below === '' || !(below.startsWith('..') || isAbsolute(below));
}
