import { createPattern } from '../pattern/match-pattern.ts';
import { UnsupportedPattern } from '../pattern/syntax.ts';
import { isEmail, isHostname, isIpv4, isIpv6 } from './addresses.ts';
import { isDate, isDateTime, isDuration, isTime } from './times.ts';
import { isUri, isUriReference } from './uris.ts';

type IsOf = (text: string) => boolean;

const HEX = '[\\da-f]';
const UUID = new RegExp(`^${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}$`, 'i');

const FORMATS = new Map<string, IsOf>([
  ['date', isDate],
  ['time', isTime],
  ['date-time', isDateTime],
  ['duration', isDuration],
  ['email', isEmail],
  ['idn-email', isEmail],
  ['hostname', isHostname],
  ['ipv4', isIpv4],
  ['ipv6', isIpv6],
  ['uri', isUri],
  ['uri-reference', isUriReference],
  ['uuid', (text) => UUID.test(text)],
  ['json-pointer', (text) => /^(\/([^~/]|~[01])*)*$/.test(text)],
  ['regex', isPattern],
]);

/** An unknown format is ignored. */
export function isOfFormat(format: string, text: string): boolean {
  return FORMATS.get(format)?.(text) ?? true;
}

/** A pattern outside the supported subset may still be valid. */
function isPattern(text: string): boolean {
  try {
    createPattern(text);
    return true;
  } catch (error) {
    if (!(error instanceof UnsupportedPattern)) throw error;
  }
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}
