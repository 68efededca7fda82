import type { FieldError } from '../forms/field.ts';
import { safeText } from './safe-text.ts';

/** Says what is left to the server, and why; the schema's own words made safe. */
export function uncheckedLine(unchecked: readonly FieldError[]): string {
  const reasons = unchecked.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const rest = reasons.length > 3 ? ` … and ${reasons.length - 3} more` : '';
  return safeText(`Not checked here, the server decides: ${reasons.slice(0, 3).join('; ')}${rest}`);
}
