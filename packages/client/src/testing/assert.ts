import { TaskError, type TaskErrorCode } from '../errors.ts';

/** Throws on failure, which any test runner reports. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Compares as JSON: absent equals `undefined`, and key order does not matter. */
export function assertEqual(actual: unknown, expected: unknown, what: string): void {
  const [got, wanted] = [canonical(actual), canonical(expected)];
  assert(got === wanted, `${what}: expected ${wanted}, got ${got}`);
}

export async function assertRejects(action: () => Promise<unknown>, what: string): Promise<void> {
  let refused = false;
  try {
    await action();
  } catch {
    refused = true;
  }
  assert(refused, `${what}: expected a refusal`);
}

/** Checks the code of the `TaskError`, by which clients decide what to do next. */
export async function assertRejectsWith(
  expected: TaskErrorCode,
  action: () => Promise<unknown>,
  what: string,
): Promise<void> {
  const error: unknown = await action().catch((thrown: unknown) => thrown);
  const code = error instanceof TaskError ? error.code : String(error);
  assertEqual(code, expected, `${what}: the code of the TaskError`);
}

export function assertAmbiguousId(action: () => Promise<unknown>, what: string): Promise<void> {
  return assertRejectsWith('ambiguous-id', action, what);
}

export function assertDefined<T>(value: T | undefined, what: string): T {
  assert(value !== undefined, `${what}: expected a value, got nothing`);
  return value;
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? 'undefined'
  );
}
