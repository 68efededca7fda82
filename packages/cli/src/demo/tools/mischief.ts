import { parseChaos } from '../chaos.ts';
import { type DemoTool, form, type JsonObject, type Oddities, text } from '../tool.ts';

export const mischief: DemoTool = {
  name: 'mischief',
  title: 'Misbehave',
  description: 'A task that does what good servers do not, for people who build clients. Every argument is one oddity.',
  inputSchema: {
    type: 'object',
    properties: {
      seconds: { type: 'number', description: 'How long it works', minimum: 0, maximum: 3600, default: 1 },
      pollHint: { description: 'Sent as poll hint, whatever it is' },
      ttlMs: { type: ['integer', 'null'], description: 'Sent as time to live, and kept to' },
      expireAfterMs: {
        type: 'integer',
        minimum: 0,
        description: 'Forget the task so long after its creation, mid-way',
      },
      chaos: {
        type: 'string',
        description:
          'Misbehave in the requests about this task over HTTP as the server does with --chaos: "drop=3,latency=200"',
        pattern: '^((latency|drop|lose|throttle|unavailable|retry-after)=\\d+(,|$))+$',
      },
      slowAcknowledgeMs: { type: 'integer', minimum: 0, description: 'Act on answers only after this long' },
      ask: { type: 'boolean', description: 'Ask a question in the middle' },
      reuseKey: { type: 'boolean', description: 'Ask a second, different question under the same key' },
      undeclared: { type: 'boolean', description: 'Ask for roots, whether or not the client can answer' },
      escapes: { type: 'boolean', description: 'Put escape sequences, links and bidi overrides into texts' },
      longText: { type: 'integer', minimum: 0, maximum: 2_000_000, description: 'Length of the status message' },
    },
  },
  annotations: { readOnlyHint: true, idempotentHint: false, openWorldHint: false },
  taskSupport: 'optional',
  oddities: (args) => oddities(args),
  workSteps: () => 2,
  run: async ({ args, work, ask }) => {
    const message = decorate(args, 'Up to no good');
    const question = (words: string) => ({
      trick: form(decorate(args, words), { fine: { type: 'boolean', title: decorate(args, 'Fine') } }),
    });
    const half = Number(args.seconds ?? 1) * 500;
    await work(message, half);
    if (args.ask === true || args.reuseKey === true) await ask(message, question('Is this fine?'));
    if (args.reuseKey === true) await ask(message, question('Delete everything?'));
    if (args.undeclared === true) await ask(message, { roots: { method: 'roots/list', params: {} } });
    await work(message, half);
    return { message: decorate(args, 'Mischief managed'), result: text(decorate(args, 'Mischief managed.')) };
  },
};

function oddities(args: JsonObject): Oddities {
  const chaos = args.chaos === undefined ? undefined : parseChaos(String(args.chaos));
  return {
    ...(Object.hasOwn(args, 'pollHint') ? { pollHint: args.pollHint } : {}),
    ...(Object.hasOwn(args, 'ttlMs') ? { ttlMs: args.ttlMs as number | null } : {}),
    ...(Object.hasOwn(args, 'expireAfterMs') ? { expireAfterMs: Number(args.expireAfterMs) } : {}),
    ...(chaos?.ok === true ? { chaos: chaos.chaos } : {}),
    ...(Object.hasOwn(args, 'slowAcknowledgeMs') ? { slowAcknowledgeMs: Number(args.slowAcknowledgeMs) } : {}),
  };
}

function decorate(args: JsonObject, words: string): string {
  const long = 'long '.repeat(Math.ceil(Number(args.longText ?? 0) / 5));
  const text = long === '' ? words : `${words} ${long}`;
  if (args.escapes !== true) return text;
  return `\u001b[2J\u001b[31m${text}\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007 \u202egnp.exe\u0007`;
}
