import type { JsonValue } from '@mcp-tasks/client';

/**
 * True if a number in a server's value may have lost digits when parsed. Such a default or option is never sent back.
 */
export function holdsInexact(value: JsonValue | undefined): boolean {
  if (typeof value === 'number') return !Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(holdsInexact);
}
