import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-tasks/client';

/** A server as written in a file, with its variables unexpanded. */
export type ServerEntry =
  | {
      readonly kind: 'url';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      /** The HTTP+SSE transport of 2024-11-05, when the entry names it. */
      readonly transport?: 'sse';
      /** The protocol, when it is not MCP. */
      readonly protocol?: 'a2a';
    }
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      /** Names of the person's variables that the server inherits when they are set. */
      readonly inherit: readonly string[];
      readonly envFile?: string | undefined;
      readonly cwd?: string | undefined;
    }
  /** `why` completes "NAME of FILE …". */
  | { readonly kind: 'unusable'; readonly why: string };

class Unusable extends Error {}

/** Reads an entry in any shape of the common hosts. */
export function readEntry(value: JsonValue | undefined): ServerEntry {
  try {
    return readShape(value);
  } catch (error) {
    if (error instanceof Unusable) return { kind: 'unusable', why: error.message };
    throw error;
  }
}

function readShape(value: JsonValue | undefined): ServerEntry {
  if (!isJsonObject(value)) throw new Unusable('is not an object');
  if (value.disabled === true || value.enabled === false) throw new Unusable('is disabled');
  if (value.type === 'builtin' || value.type === 'platform') throw new Unusable('is built into its host');
  const url = [value.url, value.serverUrl, value.httpUrl, value.uri].find((each) => typeof each === 'string');
  if (typeof url === 'string') {
    const sse = value.type === 'sse' ? { transport: 'sse' as const } : {};
    const agent = value.type === 'a2a' ? { protocol: 'a2a' as const } : {};
    return { kind: 'url', url, headers: readHeaders(value), ...sse, ...agent };
  }
  return readCommand(value);
}

function readCommand(value: JsonObject): ServerEntry {
  const { command, args } = commandLine(value);
  return {
    kind: 'command',
    command,
    args,
    env: { ...texts(value.env, 'env'), ...texts(value.environment, 'environment'), ...texts(value.envs, 'envs') },
    inherit: [...names(value.env_vars, 'env_vars'), ...names(value.env_keys, 'env_keys')],
    ...(typeof value.envFile === 'string' ? { envFile: value.envFile } : {}),
    ...(typeof value.cwd === 'string' ? { cwd: value.cwd } : {}),
  };
}

/** The command with `args`, as a list (opencode, type `local`), or as an object (older Zed). */
function commandLine(value: JsonObject): { readonly command: string; readonly args: readonly string[] } {
  const command = value.command ?? value.cmd;
  if (typeof command === 'string') return { command, args: list(value.args, 'args') };
  if (isJsonObject(command) && typeof command.path === 'string') {
    return { command: command.path, args: list(command.args, 'command.args') };
  }
  if (Array.isArray(command) && value.type === 'local') {
    const [first, ...rest] = list(command, 'command');
    if (first !== undefined) return { command: first, args: rest };
  }
  if (Array.isArray(command)) throw new Unusable('has a list as its command; write a text, and the rest in args');
  const found = Object.keys(value).join(', ');
  throw new Unusable(`has neither a command nor a url${found === '' ? '' : `, but ${found}`}`);
}

function list(value: JsonValue | undefined, where: string): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Unusable(`has ${where} that is not a list`);
  return value.map((each) => text(each, where));
}

function names(value: JsonValue | undefined, where: string): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Unusable(`has ${where} that is not a list`);
  // Codex also writes { name, source }.
  return value.map((each) => text(isJsonObject(each) ? (each.name ?? null) : each, where));
}

/** Codex names environment variables instead of header values. */
function readHeaders(value: JsonObject): Readonly<Record<string, string>> {
  const named = Object.entries(texts(value.env_http_headers, 'env_http_headers'));
  const token = value.bearer_token_env_var;
  const bearer = typeof token === 'string' ? { Authorization: `Bearer \${${token}}` } : {};
  return {
    ...texts(value.headers, 'headers'),
    ...texts(value.http_headers, 'http_headers'),
    ...Object.fromEntries(named.map(([name, variable]) => [name, `\${${variable}}`])),
    ...bearer,
  };
}

/** `null` counts as absent. */
function texts(value: JsonValue | undefined, where: string): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (!isJsonObject(value)) throw new Unusable(`has ${where} that is not an object`);
  const given = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(given.map(([name, each]) => [name, text(each ?? null, `${where}.${name}`)]));
}

function text(value: JsonValue, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Unusable(`has ${where} that is not a text`);
}
