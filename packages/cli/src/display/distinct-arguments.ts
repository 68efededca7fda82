import { isJsonObject, type JsonValue, type TaskRecord } from '@mcp-tasks/client';
import { safeText } from './safe-text.ts';

const MAX_VALUE_LENGTH = 24;

/** Arguments in which calls of one tool differ, such as `version=1.0.10`, to distinguish rows. */
export function distinctArguments(records: readonly TaskRecord[]): (record: TaskRecord) => string {
  const pairsOf = distinctPairs(records);
  return (record) =>
    pairsOf(record)
      .map(([key, value]) => `${key}=${value}`)
      .join(' ');
}

/** Differing arguments as pairs of name and value. */
export function distinctPairs(
  records: readonly TaskRecord[],
): (record: TaskRecord) => readonly (readonly [name: string, value: string])[] {
  const groups = new Map<string, TaskRecord[]>();
  for (const record of records) {
    const group = groupOf(record);
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [record]);
    else members.push(record);
  }
  const distinct = new Map([...groups].map(([group, members]) => [group, differingKeys(members)]));
  return (record) => {
    const keys = distinct.get(groupOf(record)) ?? [];
    const given = argumentsOf(record);
    return keys.flatMap((key) => (given.has(key) ? [[name(key), valueText(given.get(key))] as const] : []));
  };
}

/** All arguments, such as `service=api version=1.0.10`, each cut as in a row. */
export function argumentsText(record: TaskRecord): string {
  return [...argumentsOf(record)].map(([key, value]) => `${name(key)}=${valueText(value)}`).join(' ');
}

function groupOf({ server, tool }: TaskRecord): string {
  return JSON.stringify([server.fingerprint, tool]);
}

function argumentsOf(record: TaskRecord): ReadonlyMap<string, JsonValue | undefined> {
  return new Map(isJsonObject(record.arguments) ? Object.entries(record.arguments) : []);
}

function differingKeys(members: readonly TaskRecord[]): readonly string[] {
  const values = new Map<string, Set<string>>();
  for (const member of members) {
    for (const [key, value] of argumentsOf(member)) {
      values.set(key, (values.get(key) ?? new Set()).add(JSON.stringify(value) ?? ''));
    }
  }
  return [...values].filter(([, different]) => different.size > 1).map(([key]) => key);
}

function name(key: string): string {
  return safeText(key, { maxLength: MAX_VALUE_LENGTH });
}

function valueText(value: JsonValue | undefined): string {
  return safeText(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), { maxLength: MAX_VALUE_LENGTH });
}
