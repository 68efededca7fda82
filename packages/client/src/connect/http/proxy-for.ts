type Environment = Readonly<Record<string, string | undefined>>;

/** A proxy, with the environment variable that names it. */
export interface ProxyInUse {
  readonly variable: string;
  readonly url: string;
  /** `HTTPS_PROXY, proxy.example:3128`: without user and password. */
  readonly label: string;
}

/** Proxy of this URL by `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in either case; lower case takes precedence. */
export function proxyFor(target: URL, env: Environment = environment()): ProxyInUse | undefined {
  const name = target.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const variable = [name, name.toUpperCase()].find((each) => (env[each] ?? '') !== '');
  if (variable === undefined || isExempt(target, env.no_proxy ?? env.NO_PROXY ?? '')) return undefined;
  const text = env[variable] ?? '';
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const shown = URL.canParse(url) ? new URL(url).host : 'which is no URL';
  return { variable, url, label: `${variable}, ${shown}` };
}

/** Loopback hosts, which no proxy can reach. */
const LOOPBACK = /^(?:(?:.*\.)?localhost|127(?:\.\d+){3}|::1)$/;

/** Matches `NO_PROXY`: hosts, domains with their subdomains, and `*`, each with an optional port. */
function isExempt({ hostname, port, protocol }: URL, list: string): boolean {
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, '');
  if (LOOPBACK.test(host)) return true;
  const actual = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true;
    const [, name = '', wanted] = /^(\[.*\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    const domain = name.replace(/^\*?\./, '').replace(/^\[|\]$/g, '');
    if (domain === '' || (wanted !== undefined && wanted !== actual)) return false;
    return host === domain || host.endsWith(`.${domain}`);
  });
}

function environment(): Environment {
  const { process } = globalThis as { readonly process?: { readonly env?: Environment } };
  return process?.env ?? {};
}
