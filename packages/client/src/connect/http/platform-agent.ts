type AgentClass = new (options: { readonly headersTimeout: number; readonly bodyTimeout: number }) => object;

/**
 * The dispatcher class of the platform's `fetch`; `'of the host'` if the host replaced it, by a proxy or a test double.
 * Undefined if there is none: in browsers and workerd.
 */
export function platformAgent(): AgentClass | 'of the host' | undefined {
  Reflect.get(globalThis, 'Response'); // initializes the platform's dispatcher; bundlers drop `void Response`
  const platform = (globalThis as { [key: symbol]: object | undefined })[Symbol.for('undici.globalDispatcher.1')];
  if (platform === undefined) return undefined;
  const { constructor: Agent } = platform;
  return Agent.name === 'Agent' ? (Agent as AgentClass) : 'of the host';
}
