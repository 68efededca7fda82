import { readFile } from 'node:fs/promises';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import { own } from '../own.ts';
import type { ConfigurationFile } from './configuration-files.ts';
import { parseJsonWithComments } from './json-with-comments.ts';

/** A server as a file has it, its variables not expanded. */
export interface ConfiguredServer {
  readonly name: string;
  readonly file: ConfigurationFile;
  readonly entry: ServerEntry;
}

export type ServerEntry =
  | {
      readonly kind: 'url';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      /** Other types than `sse` are found out by connecting. */
      readonly transport?: 'sse' | undefined;
    }
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly cwd?: string | undefined;
    };

/** The servers of one file; nothing when there is no such file. @throws {CliError} when it cannot be read as one */
export async function readConfiguration(file: ConfigurationFile, cwd: string): Promise<readonly ConfiguredServer[]> {
  const text = await readFile(file.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new CliError('configuration-invalid', `${file.path} cannot be read: ${error.code ?? error.message}`);
  });
  if (text === undefined) return [];
  const content = await parse(file, text);
  const groups = [...projectGroups(content, cwd), content.mcpServers, content.servers, content.mcp_servers];
  return groups.flatMap((group) =>
    Object.entries(isJsonObject(group) ? group : {}).flatMap(([name, value]) => {
      const entry = readEntry(value);
      return entry === undefined ? [] : [{ name, file, entry }];
    }),
  );
}

async function parse(file: ConfigurationFile, text: string): Promise<JsonObject> {
  try {
    const content = file.format === 'toml' ? (await import('smol-toml')).parse(text) : parseJsonWithComments(text);
    return isJsonObject(content as JsonValue) ? (content as JsonObject) : {};
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new CliError('configuration-invalid', `${file.path} is no ${file.format.toUpperCase()}: ${reason}`);
  }
}

/** Claude Code keeps servers of single projects in the file of the person. */
function projectGroups(content: JsonObject, cwd: string): readonly (JsonValue | undefined)[] {
  const project = isJsonObject(content.projects) ? own(content.projects, cwd) : undefined;
  return project !== undefined && isJsonObject(project) ? [project.mcpServers] : [];
}

function readEntry(value: JsonValue | undefined): ServerEntry | undefined {
  if (value === undefined || !isJsonObject(value) || value.disabled === true || value.enabled === false)
    return undefined;
  const url = [value.url, value.serverUrl, value.httpUrl].find((each) => typeof each === 'string');
  if (typeof url === 'string') {
    const isSse = value.type === 'sse' || value.transport === 'sse';
    return { kind: 'url', url, headers: readUrlHeaders(value), ...(isSse ? { transport: 'sse' } : {}) };
  }
  if (typeof value.command !== 'string') return undefined;
  const args = Array.isArray(value.args) ? value.args.map(String) : [];
  const cwd = typeof value.cwd === 'string' ? { cwd: value.cwd } : {};
  return { kind: 'command', command: value.command, args, env: texts(value.env), ...cwd };
}

/** Codex names variables where others write values. */
function readUrlHeaders(value: JsonObject): Readonly<Record<string, string>> {
  const named = Object.entries(texts(value.env_http_headers)).map(([name, variable]) => [name, `\${${variable}}`]);
  const token = value.bearer_token_env_var;
  const bearer = typeof token === 'string' ? { Authorization: `Bearer \${${token}}` } : {};
  return { ...texts(value.headers), ...texts(value.http_headers), ...Object.fromEntries(named), ...bearer };
}

function texts(value: JsonValue | undefined): Readonly<Record<string, string>> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, String(each)]));
}
