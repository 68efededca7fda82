import { isIpv6 } from './addresses.ts';

const SCHEME = /^[a-z][a-z\d+.-]*:/i;
/** RFC 3986: unreserved, reserved except brackets, and percent-encoded. */
const CHARACTERS = /^(?:[\w.~:/?#@!$&'()*+,;=-]|%[\da-f]{2})*$/i;

/** RFC 3986, `URI`. */
export function isUri(text: string): boolean {
  return SCHEME.test(text) && isUriReference(text);
}

/** RFC 3986, `URI-reference`. */
export function isUriReference(text: string): boolean {
  const [before = '', ...fragments] = text.split('#');
  if (fragments.length > 1 || !CHARACTERS.test(fragments[0] ?? '')) return false;
  const rest = before.replace(SCHEME, '');
  // Without a scheme, a colon in the first segment would begin one.
  if (rest === before && /^[^/?]*:/.test(rest)) return false;
  if (!rest.startsWith('//')) return CHARACTERS.test(rest);
  const end = rest.slice(2).search(/[/?]/);
  const authority = end === -1 ? rest.slice(2) : rest.slice(2, end + 2);
  return isAuthority(authority) && CHARACTERS.test(rest.slice(2 + authority.length));
}

function isAuthority(text: string): boolean {
  const host = text.slice(text.indexOf('@') + 1);
  if (!CHARACTERS.test(text.slice(0, text.length - host.length))) return false;
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(host);
  if (bracketed !== null)
    return isIpv6(bracketed[1] as string) || /^v[\da-f]+\.[\w.~:!$&'()*+,;=-]+$/i.test(bracketed[1] as string);
  return /^[^:[\]@]*(?::\d*)?$/.test(host) && CHARACTERS.test(host);
}
