import type { JsonValue } from '@mcp-tasks/client';
import type { Chance } from '../soak/chance.ts';

const ODD: readonly JsonValue[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e12,
  2 ** 53,
  1e308,
  '',
  'working',
  'completed',
  'input_required',
  '\u001b]52;c;eA==\u0007',
  '\u202egnihton',
  'x'.repeat(5_000),
  '2026-11-28T00:00:00Z',
  [],
  [[]],
  {},
  [null],
  { type: 'text' },
];
const KEYS = [
  '__proto__',
  'constructor',
  'toString',
  'taskId',
  'status',
  'result',
  'task',
  'inputRequests',
  '_meta',
  '',
];
const DEEP = 700;

function deep(): JsonValue {
  return JSON.parse(`${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`);
}

/** A value with one change: replaced, removed, added, nested or moved. */
export function mutate(value: JsonValue, chance: Chance): JsonValue {
  const isInner = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  if (isInner && chance.hits(0.75)) return mutateInside(value, chance);
  const kind = chance.weighted({ odd: 8, wrap: 1, list: 1, deep: 0.2 });
  if (kind === 'odd') return chance.oneOf(ODD);
  if (kind === 'deep') return deep();
  return kind === 'wrap' ? { [chance.oneOf(KEYS)]: value } : [value, value];
}

function mutateInside(value: object, chance: Chance): JsonValue {
  const entries = Object.entries(value) as [string, JsonValue][];
  const at = Math.floor(chance.next() * entries.length);
  const [key, item] = entries[at] as [string, JsonValue];
  const kind = chance.weighted({ change: 6, drop: 2, add: 1, rename: 1 });
  const changed: [string, JsonValue] = [key, kind === 'change' ? mutate(item, chance) : item];
  const next =
    kind === 'drop'
      ? entries.toSpliced(at, 1)
      : kind === 'add'
        ? [...entries, [chance.oneOf(KEYS), chance.oneOf(ODD)] as [string, JsonValue]]
        : entries.with(at, kind === 'rename' ? [chance.oneOf(KEYS), item] : changed);
  return Array.isArray(value) ? next.map(([, each]) => each) : Object.fromEntries(next);
}
