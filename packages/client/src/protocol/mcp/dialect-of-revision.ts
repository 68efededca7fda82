import type { TaskDialect } from '../dialect.ts';
import { dialect as rev20251125 } from '../mcp-2025-11-25/dialect.ts';
import { dialect as rev20260728 } from '../mcp-2026-07-28/dialect.ts';

/** Revisions are dates and compare as text. A revision newer than all known ones is read as the newest. */
export function dialectOfRevision({ revision }: { readonly revision: string }): TaskDialect {
  return revision >= rev20260728.revision ? rev20260728 : rev20251125;
}
