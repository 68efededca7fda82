import { audienceOf, type TaskRecord } from '@mcp-tasks/client';
import { safeText } from './safe-text.ts';

/** Who may answer this question: ` (for anna, release)`; nothing where anybody may. */
export function audienceText(record: TaskRecord, key: string): string {
  const audience = audienceOf(record, key);
  return audience === undefined ? '' : ` (for ${safeText(audience.join(', ') || 'nobody', { maxLength: 80 })})`;
}
