type JsonObject = Readonly<Record<string, unknown>>;

/** The characters of a header's name. */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
const SENTINEL = /^=\?base64\?(.*)\?=$/s;

/**
 * Refuses a call whose `Mcp-Param-…` headers differ from the arguments that the tool's schema maps to headers. The SDK
 * checks this only in its high-level server.
 */
export async function checkParamHeaders(
  request: Request,
  schemaOf: (tool: string) => JsonObject | undefined,
): Promise<Response | undefined> {
  if (request.method !== 'POST' || request.headers.get('mcp-method') !== 'tools/call') return undefined;
  const body = (await request
    .clone()
    .json()
    .catch(() => undefined)) as { readonly id?: unknown; readonly params?: JsonObject } | undefined;
  const schema = schemaOf(String(body?.params?.name));
  const args = (body?.params?.arguments ?? {}) as JsonObject;
  const properties = (schema?.properties ?? {}) as Readonly<Record<string, JsonObject | boolean | null>>;
  for (const [name, property] of Object.entries(properties)) {
    const suffix = typeof property === 'object' ? property?.['x-mcp-header'] : undefined;
    const value = Object.hasOwn(args, name) ? args[name] : undefined;
    if (typeof suffix !== 'string' || !TOKEN.test(suffix) || value === undefined || value === null) continue;
    const header = request.headers.get(`mcp-param-${suffix}`);
    if (header !== null && decode(header) === String(value)) continue;
    const message = `The header Mcp-Param-${suffix} does not match the argument "${name}"`;
    return Response.json({ jsonrpc: '2.0', id: body?.id ?? null, error: { code: -32020, message } }, { status: 400 });
  }
  return undefined;
}

/** The decoded value of a header; `undefined` when its encoding is invalid. */
function decode(header: string): string | undefined {
  const encoded = SENTINEL.exec(header)?.[1];
  if (encoded === undefined) return header;
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.toString('base64') === encoded ? bytes.toString() : undefined;
}
