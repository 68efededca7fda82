import { isTooDeep } from '../../protocol/depth.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import { own } from '../../task/own.ts';

const ANNOTATION = 'x-mcp-header';
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
const PRIMITIVES: readonly unknown[] = ['string', 'integer', 'boolean'];
const SENTINEL = /^=\?base64\?.*\?=$/;

interface Declaration {
  readonly path: readonly string[];
  readonly header: string;
}

/** Tool arguments mirrored in HTTP headers for intermediaries (2026-07-28, SEP-2243). */
export interface ParamHeaders {
  /** Stores the declarations of the listed tools. Returns the list without tools whose declaration forbids a call. */
  learn(list: JsonValue): JsonValue;
  isKnown(tool: JsonValue | undefined): boolean;
  headersFor(call: JsonObject): Readonly<Record<string, string>>;
}

export function createParamHeaders(): ParamHeaders {
  const known = new Map<JsonValue | undefined, readonly Declaration[]>();
  return {
    learn(list) {
      if (!isJsonObject(list) || !Array.isArray(list.tools)) return list;
      const tools = list.tools.filter((tool) => {
        const declarations = isJsonObject(tool) ? declarationsIn(tool.inputSchema) : [];
        if (declarations !== undefined && isJsonObject(tool)) known.set(tool.name, declarations);
        return declarations !== undefined;
      });
      return { ...list, tools };
    },
    isKnown: (tool) => known.has(tool),
    headersFor: ({ name, arguments: args = {} }) =>
      Object.fromEntries(
        (known.get(name) ?? []).flatMap(({ path, header }) => {
          const value = path.reduce<JsonValue | undefined>(
            (at, key) => (isJsonObject(at) ? own(at, key) : undefined),
            args,
          );
          return typeof value === 'object' || value === undefined
            ? []
            : [[`Mcp-Param-${header}`, encodeHeader(String(value))]];
        }),
      ),
  };
}

/** Undefined if an annotation breaks a rule: a client must not call such a tool. A schema too deep to walk has none. */
function declarationsIn(schema: JsonValue | undefined): readonly Declaration[] | undefined {
  if (isTooDeep(schema)) return [];
  const found: Declaration[] = [];
  const isSound = visit(schema, [], true, found);
  const names = new Set(found.map(({ header }) => header.toLowerCase()));
  return isSound && names.size === found.length ? found : undefined;
}

function visit(
  node: JsonValue | undefined,
  path: readonly string[],
  reachable: boolean,
  found: Declaration[],
): boolean {
  if (Array.isArray(node)) return node.every((each) => visit(each, path, false, found));
  if (!isJsonObject(node)) return true;
  const header = node[ANNOTATION];
  if (header !== undefined) {
    const isSound = reachable && path.length > 0 && typeof header === 'string' && TOKEN.test(header);
    if (!isSound || !PRIMITIVES.includes(node.type)) return false;
    found.push({ path, header });
  }
  return Object.entries(node).every(([key, child]) => {
    // Values, not schemas: they declare nothing.
    if (['default', 'const', 'enum', 'examples'].includes(key)) return true;
    if (key !== 'properties' || !isJsonObject(child)) return visit(child, path, false, found);
    return Object.entries(child).every(([name, property]) => visit(property, [...path, name], reachable, found));
  });
}

/** Encodes a value that is no plain header text as Base64 with its sentinel. */
export function encodeHeader(value: string): string {
  const isPlain = /^[\t\x20-\x7e]+$/.test(value) && value === value.trim() && !SENTINEL.test(value);
  if (isPlain) return value;
  const binary = Array.from(new TextEncoder().encode(value), (byte) => String.fromCharCode(byte)).join('');
  return `=?base64?${btoa(binary)}?=`;
}
