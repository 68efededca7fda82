import { type DemoTool, ToolFailure, text } from '../tool.ts';

const READ_ONLY = { readOnlyHint: true, openWorldHint: false };

export const report: DemoTool = {
  name: 'report',
  title: 'Write a report',
  description: 'Gathers figures for five seconds, reports each step, and returns a report as text and as data.',
  inputSchema: {
    type: 'object',
    properties: { topic: { type: 'string', description: 'What the report is about', default: 'Response times' } },
  },
  outputSchema: {
    type: 'object',
    properties: {
      topic: { type: 'string' },
      regions: {
        type: 'array',
        items: {
          type: 'object',
          properties: { region: { type: 'string' }, p95Ms: { type: 'integer' } },
          required: ['region', 'p95Ms'],
        },
      },
    },
    required: ['topic', 'regions'],
  },
  annotations: READ_ONLY,
  taskSupport: 'optional',
  workSteps: () => 5,
  run: async ({ args, work }) => {
    const topic = String(args.topic ?? 'Response times');
    const regions = [
      { region: 'Frankfurt', p95Ms: 182 },
      { region: 'Oregon', p95Ms: 214 },
      { region: 'Singapore', p95Ms: 341 },
    ];
    const lines = regions.map(({ region, p95Ms }) => `| ${region} | ${p95Ms} ms |`);
    await work('Collecting the last 30 days', 1000);
    for (const [index, { region }] of regions.entries()) {
      await work(`Reading ${region} (${index + 1} of ${regions.length})`, 1000);
    }
    await work('Writing', 1000);
    const table = ['| Region | p95 |', '|---|---|', ...lines].join('\n');
    return {
      message: 'Written',
      result: {
        ...text(`# ${topic}\n\n${table}\n\nSingapore is the slowest region.`),
        structuredContent: { topic, regions },
      },
    };
  },
};

export const importRows: DemoTool = {
  name: 'import',
  title: 'Import rows',
  description: 'Reads rows for two seconds, then fails at a bad one: the task fails with an error code and data.',
  inputSchema: {
    type: 'object',
    properties: { file: { type: 'string', description: 'A name to speak of; nothing is read', default: 'prices.csv' } },
  },
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  taskSupport: 'required',
  workSteps: () => 2,
  run: async ({ args, work }) => {
    const file = String(args.file ?? 'prices.csv');
    await work(`${file}: 1200 of 5000 rows`, 1000);
    await work(`${file}: 2400 of 5000 rows`, 1000);
    const message = `${file}: row 3211 has "n/a" where a number is needed`;
    const data = { file, row: 3211, column: 'price', value: 'n/a', imported: 3210 };
    throw new ToolFailure({ code: -32603, message, data });
  },
};

export const check: DemoTool = {
  name: 'check',
  title: 'Check a configuration',
  description: 'Completes with an error result (isError): a completed task is not always a success.',
  inputSchema: { type: 'object', properties: {} },
  annotations: READ_ONLY,
  taskSupport: 'optional',
  workSteps: () => 1,
  run: async ({ work }) => {
    await work('Checking 14 rules', 1500);
    const result = { ...text('2 of 14 rules failed: no-plain-secrets, pinned-images.'), isError: true };
    return { message: 'Checked', result };
  },
};

const BATCH_INPUT = {
  type: 'object',
  properties: {
    items: { type: 'integer', description: 'How many, one second each', minimum: 1, maximum: 3600, default: 10 },
  },
};

export const batch: DemoTool = {
  name: 'batch',
  title: 'Run a batch',
  description: 'Works through items, one second each. A request to cancel stops it.',
  inputSchema: BATCH_INPUT,
  outputSchema: { type: 'object', properties: { items: { type: 'integer' } }, required: ['items'] },
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  taskSupport: 'optional',
  workSteps: ({ items }) => Number(items ?? 10),
  run: async ({ args, work }) => {
    const items = Number(args.items ?? 10);
    for (let item = 1; item <= items; item += 1) await work(`Item ${item} of ${items}`, 1000);
    return { message: 'All done', result: { ...text(`${items} items done.`), structuredContent: { items } } };
  },
};

export const batchPinned: DemoTool = {
  ...batch,
  name: 'batch-pinned',
  title: 'Run a batch to its end',
  description: 'Works through items, one second each. Ignores a request to cancel, as a server may.',
  taskSupport: 'required',
  cancellable: false,
};
