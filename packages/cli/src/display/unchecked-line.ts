import type { FieldError } from '../forms/field.ts';
import { safeText } from './safe-text.ts';

/** Lists rules that only the server can check, with reasons; the schema's text is made safe. */
export function uncheckedLine(unchecked: readonly FieldError[]): string {
  const reasons = unchecked.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const rest = reasons.length > 3 ? ` … and ${reasons.length - 3} more` : '';
  return safeText(`Not checked here, the server decides: ${reasons.slice(0, 3).join('; ')}${rest}`);
}
