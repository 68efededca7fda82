import * as z from 'zod';

const pointer = z
  .string()
  .regex(/^(\/|$)/, 'a JSON pointer is empty or begins with /')
  .meta({ title: 'JSON pointer' });
const pattern = z.strictObject({
  match: z.string().min(1).meta({ description: 'A pattern; its first group is taken from the text.' }),
});
const selector = z.union([pointer, pattern]);
const template = z.record(z.string(), z.json()).meta({
  description: 'Arguments. {id}, {args.name} and {status./pointer} are filled in; in an answer also {answer}.',
});
const tool = { tool: z.string().min(1), arguments: template.optional() };
const condition = z.record(z.string(), z.json()).meta({
  description: 'A condition: JSON pointers with a value or a list of values; "match" holds a pattern for the text.',
});
const words = z.array(z.union([z.string(), z.number(), z.boolean(), condition]));

const mapping = z.strictObject({
  description: z.string().optional(),
  start: z
    .strictObject({ ...tool, id: selector.optional(), match: z.string().min(1).optional() })
    .refine(({ id, match }) => id !== undefined || match !== undefined, 'needs id or match')
    .optional()
    .meta({ description: 'The tool that starts a job, and the place of the id in its answer.' }),
  status: z
    .strictObject({
      ...tool,
      state: selector.optional(),
      match: z.string().min(1).optional(),
      message: selector.optional(),
      error: selector.optional(),
      map: z
        .strictObject({
          working: words.optional(),
          input_required: words.optional(),
          completed: words.optional(),
          failed: words.optional(),
          cancelled: words.optional(),
        })
        .meta({ description: 'The words of the server for each state; any other word means working.' }),
      missing: z.union([z.string().min(1), z.array(condition)]).optional(),
      waits: z.boolean().optional(),
    })
    .meta({ description: 'The tool that reports the state of a job.' }),
  result: z.union([z.strictObject({ from: pointer }), z.strictObject(tool)]).optional(),
  answer: z
    .union([
      z.strictObject(tool),
      z.strictObject({ accept: z.strictObject(tool), decline: z.strictObject(tool).optional() }),
    ])
    .optional(),
  cancel: z.strictObject(tool).optional(),
  list: z
    .strictObject({
      ...tool,
      items: pointer,
      id: pointer,
      state: pointer.optional(),
      title: pointer.optional(),
      args: z.record(z.string(), pointer).optional(),
      polls: z
        .boolean()
        .optional()
        .meta({ description: 'Whether more than five open jobs are polled through this list.' }),
      next: z.strictObject({ cursor: pointer, argument: z.string().min(1) }).optional(),
    })
    .optional(),
  pollIntervalMs: z.number().positive().optional(),
  ttlMs: z.number().nonnegative().nullable().optional(),
  endsWithServer: z
    .boolean()
    .optional()
    .meta({ description: 'The job exists only in the process of the server, and ends with it.' }),
  trusted: z.boolean().optional().meta({ description: 'Call the status tool although it is not marked as read-only.' }),
});

/** `jobs.json`: job mappings by server name (configured, or of its `serverInfo`), then by job name. */
export const jobsFile = z
  .object({ $schema: z.string().optional() })
  .catchall(z.record(z.string().min(1), mapping))
  .meta({ title: 'Jobs of MCP servers, for mcp-tasks' });

/** The JSON Schema of the file, for editors. */
export function jobsJsonSchema(): unknown {
  return z.toJSONSchema(jobsFile, { io: 'input' });
}
