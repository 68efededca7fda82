import { type DemoTool, text } from '../tool.ts';

const READ_ONLY = { readOnlyHint: true, openWorldHint: false };

export const hello: DemoTool = {
  name: 'hello',
  title: 'Say hello',
  description: 'Answers at once. Never becomes a task.',
  inputSchema: {
    type: 'object',
    properties: { name: { type: 'string', description: 'Whom to greet', default: 'world' } },
  },
  annotations: READ_ONLY,
  taskSupport: 'forbidden',
  run: async ({ args }) => ({ result: text(`Hello, ${args.name ?? 'world'}.`) }),
};

export const echo: DemoTool = {
  name: 'echo',
  title: 'Echo',
  description: 'Returns its arguments at once, as text and as data. Never becomes a task.',
  inputSchema: {
    type: 'object',
    properties: { text: { type: 'string', description: 'What to return' } },
    required: ['text'],
  },
  outputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
  annotations: READ_ONLY,
  taskSupport: 'forbidden',
  run: async ({ args }) => ({ result: { ...text(String(args.text)), structuredContent: args } }),
};

/** A grey pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNsaGj4DwAFhAKAjM1mJgAAAABJRU5ErkJggg==';

export const largeResult: DemoTool = {
  name: 'large-result',
  title: 'Return a large result',
  description:
    'Returns as many kilobytes of text as you ask for, with an image, a link to a resource and data beside it.',
  inputSchema: {
    type: 'object',
    properties: {
      kilobytes: { type: 'integer', description: 'How much text', minimum: 1, maximum: 20_480, default: 1024 },
    },
  },
  outputSchema: {
    type: 'object',
    properties: { kilobytes: { type: 'integer' }, lines: { type: 'integer' } },
    required: ['kilobytes', 'lines'],
  },
  annotations: READ_ONLY,
  taskSupport: 'optional',
  workSteps: () => 1,
  run: async ({ args, work }) => {
    const kilobytes = Number(args.kilobytes ?? 1024);
    const line = 'All work and no wait makes a durable task. 0123456789 abcdefghi\n';
    await work(`Preparing ${kilobytes} KB`, 1000);
    return {
      result: {
        content: [
          { type: 'text', text: line.repeat(kilobytes * 16) },
          { type: 'image', data: PIXEL, mimeType: 'image/png' },
          { type: 'resource_link', uri: 'demo://reports/latest', name: 'Latest report', mimeType: 'text/markdown' },
        ],
        structuredContent: { kilobytes, lines: kilobytes * 16 },
      },
    };
  },
};
