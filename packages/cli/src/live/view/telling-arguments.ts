import type { JsonValue, TaskRecord } from '@mcp-tasks/client';

type Records = ReadonlyMap<string, TaskRecord>;

/** Names and values of arguments. */
type Told = readonly (readonly [name: string, value: string])[];

const known = new WeakMap<Records, ReadonlyMap<string, Told>>();

/** By id, for calls of one tool: those arguments in which they differ, such as `version=1.0.10`. */
export function tellingArguments(records: Records): ReadonlyMap<string, Told> {
  const told = known.get(records) ?? tell(records);
  known.set(records, told);
  return told;
}

function tell(records: Records): ReadonlyMap<string, Told> {
  const calls = new Map<string, TaskRecord[]>();
  for (const record of records.values()) {
    const name = `${record.server.fingerprint} ${record.tool}`;
    calls.set(name, [...(calls.get(name) ?? []), record]);
  }
  const told = new Map<string, Told>();
  for (const alike of calls.values()) {
    const keys = new Set(alike.flatMap((record) => Object.keys(record.arguments)));
    const differing = [...keys].filter((key) => new Set(alike.map((record) => textOf(record, key))).size > 1);
    for (const record of alike) {
      const pairs = differing.flatMap((key) => {
        const text = textOf(record, key);
        return text === undefined ? [] : [[key, text] as const];
      });
      if (pairs.length > 0) told.set(record.id, pairs);
    }
  }
  return told;
}

function textOf({ arguments: given }: TaskRecord, key: string): string | undefined {
  const value: JsonValue | undefined = Object.hasOwn(given, key) ? given[key] : undefined;
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
