/** The `_meta` key of a result that names a number which lost digits in parsing. */
export const LOST_DIGITS = 'mcp-tasks/lost-digits';

/** Shorter numbers keep their digits, except with an exponent of three or more digits. */
const LONG = 16;
const LONG_EXPONENT = /e[+-]?0*[1-9]\d{5}/i;
const EXPONENT = /\d[eE][+-]?\d{3}/g;

/**
 * The first number in a JSON text that `JSON.parse` does not keep as written, such as `1234567890123456789`; undefined
 * if it keeps all. Costs a fraction of parsing: it samples every 16th character, then looks closer at digits.
 */
export function lostDigits(json: string): string | undefined {
  return lostAmong(longRuns(json), json) ?? lostAmong(exponents(json), json);
}

/** The start of each run of digits that is long enough. */
function* longRuns(json: string): Generator<number> {
  for (let at = LONG - 1; at < json.length; at += LONG) {
    if (!isNumeric(json.charCodeAt(at))) continue;
    const start = startOfRun(json, at);
    let end = at + 1;
    while (isNumeric(json.charCodeAt(end))) end += 1;
    if (end - start >= LONG) yield start;
    at = Math.max(at, end - LONG);
  }
}

function* exponents(json: string): Generator<number> {
  EXPONENT.lastIndex = 0;
  for (const { index } of json.matchAll(EXPONENT)) yield startOfRun(json, index);
}

function lostAmong(places: Iterable<number>, json: string): string | undefined {
  const texts = createTextCursor(json);
  for (const place of places) {
    const numeral = numeralAt(json, place);
    if (numeral !== undefined && !isExactNumber(numeral) && !texts.holds(place)) return numeral;
  }
  return undefined;
}

function startOfRun(json: string, at: number): number {
  let start = at;
  while (isNumeric(json.charCodeAt(start - 1))) start -= 1;
  return start;
}

function isNumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2e;
}

/** The number whose digits begin here; undefined where JSON allows no number, as inside a string. */
function numeralAt(json: string, digits: number): string | undefined {
  const start = json[digits - 1] === '-' ? digits - 1 : digits;
  if (start > 0 && !':,[ \n\r\t'.includes(json[start - 1] as string)) return undefined;
  let end = digits;
  while (isNumeric(json.charCodeAt(end)) || 'eE+-'.includes(json[end] ?? ' ')) end += 1;
  return ',]} \n\r\t'.includes(json[end] ?? ' ') ? json.slice(start, end) : undefined;
}

/** Whether a place is inside a JSON string. Places must be asked in ascending order. */
function createTextCursor(json: string): { holds(place: number): boolean } {
  let outside = 0;
  let quote = -2;
  return {
    holds(place) {
      for (;;) {
        if (quote < outside && quote !== -1) quote = json.indexOf('"', outside);
        if (quote === -1 || place < quote) return false;
        const end = endOfText(json, quote + 1);
        if (end === -1 || place < end) return true;
        outside = end;
      }
    },
  };
}

/** Whether a number keeps its value when parsed: `0.1` and `1e3` do, `9007199254740993` and `1e400` do not. */
export function isExactNumber(numeral: string): boolean {
  const number = Number(numeral);
  if (!Number.isFinite(number)) return false;
  // With such an exponent only zero is exact; an exponent of a million digits would make the comparison slow.
  if (LONG_EXPONENT.test(numeral)) return !/[1-9]/.test(numeral.slice(0, numeral.search(/e/i)));
  const kept = String(number);
  return kept === numeral || normalized(kept) === normalized(numeral);
}

function endOfText(json: string, start: number): number {
  for (let end = json.indexOf('"', start); end !== -1; end = json.indexOf('"', end + 1)) {
    let escapes = 0;
    while (json.charCodeAt(end - 1 - escapes) === 0x5c) escapes += 1;
    if (escapes % 2 === 0) return end + 1;
  }
  return -1;
}

/** Digits without leading and trailing zeros, and their power of ten. */
function normalized(numeral: string): string {
  const [mantissa = '', exponent = '0'] = numeral.toLowerCase().split('e');
  const isNegative = mantissa.startsWith('-');
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  const digits = whole + fraction;
  let first = 0;
  let last = digits.length;
  while (digits[first] === '0') first += 1;
  while (last > first && digits[last - 1] === '0') last -= 1;
  if (first === last) return '0';
  const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - last);
  return `${isNegative ? '-' : ''}${digits.slice(first, last)}e${power}`;
}
