import { audienceOf, type TaskRecord } from '@mcp-tasks/client';
import { safeText } from './safe-text.ts';

/** Text of a question's audience, such as ` (for anna, release)`; empty when everybody may answer. */
export function audienceText(record: TaskRecord, key: string): string {
  const audience = audienceOf(record, key);
  return audience === undefined ? '' : ` (for ${safeText(audience.join(', ') || 'nobody', { maxLength: 80 })})`;
}
