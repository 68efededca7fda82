const LABEL = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;
const LOCAL = /^[^\s@"(),:;<>[\\\]]+$/;

/** RFC 1123. */
export function isHostname(text: string): boolean {
  if (text.length > 253) return false;
  return text.split('.').every((label) => LABEL.test(label));
}

export function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/** RFC 4291, section 2.2. */
export function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (text.length > 45 || halves.length > 2) return false;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1)?.at(-1) ?? '';
  const isMapped = last.includes('.');
  if (isMapped && !isIpv4(last)) return false;
  if (isMapped) groups.at(-1)?.splice(-1, 1, '0', '0');
  const all = groups.flat();
  if (!all.every((group) => /^[\da-f]{1,4}$/i.test(group))) return false;
  return halves.length === 2 ? all.length < 8 : all.length === 8;
}

/** RFC 5321, `Mailbox`, with letters of every script: internationalized addresses exist. */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  if (at < 1 || text.length > 320) return false;
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  return isLocalPart(local) && isMailDomain(domain);
}

function isLocalPart(text: string): boolean {
  if (/^"(?:[^"\\]|\\.)+"$/.test(text)) return true;
  return LOCAL.test(text) && !text.startsWith('.') && !text.endsWith('.') && !text.includes('..');
}

function isMailDomain(text: string): boolean {
  if (text.startsWith('[') && text.endsWith(']')) {
    const literal = text.slice(1, -1);
    return literal.startsWith('IPv6:') ? isIpv6(literal.slice(5)) : isIpv4(literal);
  }
  // Letters beyond ASCII stand for an encoded label.
  return isHostname(text.replace(/[^\p{ASCII}]/gu, 'x'));
}
