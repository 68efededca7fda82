import { isJsonObject } from './json.ts';
import { PROTOCOLS, RECORD_VERSION, type RecordPhase, type Target, type TaskRecord } from './record.ts';

/** A parsed record, or the reason why this version cannot read it. */
export type ParsedRecord =
  | { readonly kind: 'record'; readonly record: TaskRecord }
  /** `newer`: a newer version wrote it. `damaged`: it is not a record. */
  | { readonly kind: 'newer' | 'damaged'; readonly reason: string };

const TARGETS = { url: true, command: true, host: true } satisfies Record<Target['kind'], true>;
const PHASES = { intent: true, asking: true, open: true, settled: true } satisfies Record<RecordPhase, true>;

const TEXTS = ['id', 'revision', 'method', 'tool', 'status'] as const;
const INSTANTS = ['createdAt', 'updatedAt', 'observedAt'] as const;
const OBJECTS = ['arguments', 'inputRequests', 'ledger'] as const;

const damaged = (reason: string): ParsedRecord => ({ kind: 'damaged', reason });
const newer = (reason: string): ParsedRecord => ({ kind: 'newer', reason });

/** Parses a stored record. Checks the fields that decide how it is handled; others are kept unchecked. */
export function parseRecord(text: string): ParsedRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return damaged('it is not JSON');
  }
  if (!isJsonObject(value)) return damaged('it is not an object');
  const { version } = value;
  if (typeof version !== 'number') return damaged('it has no version');
  if (version > RECORD_VERSION) return newer(`it has version ${version}; this one reads up to ${RECORD_VERSION}`);
  return unknownKind(value) ?? missingPart(value) ?? { kind: 'record', record: value as unknown as TaskRecord };
}

/** A kind that a newer version added under the same record version. */
function unknownKind({
  server,
  phase,
  protocol = PROTOCOLS[0],
}: Readonly<Record<string, unknown>>): ParsedRecord | undefined {
  if (!isJsonObject(server) || !isJsonObject(server.target)) return damaged('it has no server');
  if (typeof server.fingerprint !== 'string' || typeof server.label !== 'string') return damaged('it has no server');
  const { kind } = server.target;
  if (typeof kind !== 'string') return damaged('its server has no kind');
  if (!Object.hasOwn(TARGETS, kind)) return newer(`its server has the unknown kind ${JSON.stringify(kind)}`);
  if (typeof protocol !== 'string') return damaged('its protocol cannot be read');
  if (!PROTOCOLS.includes(protocol)) return newer(`its protocol ${JSON.stringify(protocol)} is unknown`);
  if (typeof phase !== 'string') return damaged('it has no phase');
  if (!Object.hasOwn(PHASES, phase)) return newer(`its phase ${JSON.stringify(phase)} is unknown`);
  return undefined;
}

function missingPart(value: Readonly<Record<string, unknown>>): ParsedRecord | undefined {
  const wrong =
    TEXTS.find((name) => typeof value[name] !== 'string') ??
    INSTANTS.find((name) => typeof value[name] !== 'number') ??
    OBJECTS.find((name) => !isJsonObject(value[name]));
  if (wrong !== undefined) return damaged(`its ${wrong} cannot be read`);
  if (value.taskId !== null && typeof value.taskId !== 'string') return damaged('its taskId cannot be read');
  if (!Array.isArray(value.history)) return damaged('its history cannot be read');
  if (value.outcome !== null && !isJsonObject(value.outcome)) return damaged('its outcome cannot be read');
  const entries = Object.values(value.ledger as Readonly<Record<string, unknown>>);
  return entries.every(isJsonObject) ? undefined : damaged('its ledger cannot be read');
}
