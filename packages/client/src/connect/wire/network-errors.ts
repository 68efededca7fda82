const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  ECONNABORTED: 'connection aborted',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EAI_AGAIN: 'the host name cannot be looked up now',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no network',
  ENOTFOUND: 'no such host',
  EPIPE: 'connection closed',
  ETIMEDOUT: 'no answer',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
  UND_ERR_CONNECT_TIMEOUT: 'no answer',
  UND_ERR_SOCKET: 'the other side closed the connection',
};

/** The chain of causes, outermost first. */
export function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = [];
  for (let at = error; at instanceof Error && causes.length < 8; at = at.cause) causes.push(at);
  return causes;
}

/** System error code, found at any depth of the causes. */
export function codeOf(error: unknown): string | undefined {
  for (const at of causesOf(error)) {
    const inner = at instanceof AggregateError ? at.errors.find((each) => typeof each?.code === 'string') : undefined;
    const { code } = (inner ?? at) as { readonly code?: unknown };
    if (typeof code === 'string' && (code in REASONS || /^(E[A-Z0-9]+$|UND_ERR_|CERT_|ERR_(TLS|SSL)_)/.test(code)))
      return code;
  }
  return undefined;
}

/** Reason of a network failure, for people; includes the proxy. */
export function describeNetworkError(error: unknown): string {
  const proxy = causesOf(error).flatMap((each) => (each as { readonly proxy?: string }).proxy ?? [])[0];
  const reason = describeError(error);
  return proxy === undefined ? reason : `${reason} (through the proxy of ${proxy})`;
}

/** undici's messages for a refused tunnel and for a proxy that requires credentials. */
const PROXY_STATUS = /^Proxy (?:response|Authentication Required) \((\d+)\)/;

function describeError(error: unknown): string {
  const refused = causesOf(error).flatMap(({ message }) => PROXY_STATUS.exec(message)?.[1] ?? [])[0];
  if (refused !== undefined) return `the proxy answers HTTP ${refused}`;
  const code = codeOf(error);
  if (code !== undefined) return REASONS[code] ?? code;
  const message = causesOf(error).at(-1)?.message ?? String(error);
  return message.split('\n', 1)[0] ?? message;
}
