import * as z from 'zod';
import { RECORD_COLUMNS } from '../display/record-columns.ts';

const TARGET = 'a target is a text like "https://…", or a command like ["npx", "-y", "server"]';
const words = z.union([z.string().min(1, TARGET), z.array(z.string()).min(1, TARGET)], { error: TARGET });

/** Schema of the person's `config.json`. */
export const settingsFile = z.strictObject({
  $schema: z.string().optional(),
  aliases: z
    .record(
      z.string().regex(/^[\w][\w.-]*$/, 'a name has letters, digits, ".", "_" and "-", and does not begin with "-"'),
      words,
    )
    .optional(),
  columns: z.array(z.enum(RECORD_COLUMNS)).min(1).optional(),
  colors: z.enum(['auto', 'always', 'never']).optional(),
  keepOpen: z.boolean().optional(),
});
