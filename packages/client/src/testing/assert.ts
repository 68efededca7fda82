/** Fails by throwing, so that any test runner reports it. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Compares as JSON does: absent and `undefined` are the same, the order of keys does not matter. */
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
