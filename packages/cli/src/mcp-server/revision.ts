/** Protocol revisions with tasks, the newest first. */
export const REVISIONS = ['2026-07-28', '2025-11-25'] as const;
export type Revision = (typeof REVISIONS)[number];

export function isRevision(text: string): text is Revision {
  return (REVISIONS as readonly string[]).includes(text);
}
