import type { JsonValue } from '@mcp-tasks/client';

/**
 * Whether a number in what a server sent may have been another one before it was read. A default or an option is then not
 * sent back.
 */
export function holdsInexact(value: JsonValue | undefined): boolean {
  if (typeof value === 'number') return !Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(holdsInexact);
}
