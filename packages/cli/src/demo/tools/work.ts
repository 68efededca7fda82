import { type DemoTool, type JsonObject, type Step, text } from '../script.ts';

const READ_ONLY = { readOnlyHint: true, openWorldHint: false };

export const report: DemoTool = {
  name: 'report',
  title: 'Write a report',
  description:
    'Gathers figures for five seconds, says at each step where it is, and returns a report as text and as data.',
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
  plan: ({ args }) => {
    const topic = String(args.topic ?? 'Response times');
    const regions = [
      { region: 'Frankfurt', p95Ms: 182 },
      { region: 'Oregon', p95Ms: 214 },
      { region: 'Singapore', p95Ms: 341 },
    ];
    const lines = regions.map(({ region, p95Ms }) => `| ${region} | ${p95Ms} ms |`);
    return [
      { kind: 'work', forMs: 1000, message: 'Collecting the last 30 days' },
      ...regions.map(
        ({ region }, index): Step => ({
          kind: 'work',
          forMs: 1000,
          message: `Reading ${region} (${index + 1} of ${regions.length})`,
        }),
      ),
      { kind: 'work', forMs: 1000, message: 'Writing' },
      {
        kind: 'return',
        message: 'Written',
        result: {
          ...text(
            [`# ${topic}`, '', '| Region | p95 |', '|---|---|', ...lines, '', 'Singapore is the slowest region.'].join(
              '\n',
            ),
          ),
          structuredContent: { topic, regions },
        },
      },
    ];
  },
};

export const importRows: DemoTool = {
  name: 'import',
  title: 'Import rows',
  description:
    'Reads rows for two seconds and then fails at a bad one: the task has failed, with a code and data to look at.',
  inputSchema: {
    type: 'object',
    properties: { file: { type: 'string', description: 'A name to speak of; nothing is read', default: 'prices.csv' } },
  },
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  taskSupport: 'required',
  plan: ({ args }) => {
    const file = String(args.file ?? 'prices.csv');
    const message = `${file}: row 3211 has "n/a" where a number is needed`;
    return [
      { kind: 'work', forMs: 1000, message: `${file}: 1200 of 5000 rows` },
      { kind: 'work', forMs: 1000, message: `${file}: 2400 of 5000 rows` },
      {
        kind: 'fail',
        message,
        error: { code: -32603, message, data: { file, row: 3211, column: 'price', value: 'n/a', imported: 3210 } },
      },
    ];
  },
};

export const check: DemoTool = {
  name: 'check',
  title: 'Check a configuration',
  description:
    'Completes, with a result that says it went wrong (isError): that a task is done does not mean that all is well.',
  inputSchema: { type: 'object', properties: {} },
  annotations: READ_ONLY,
  taskSupport: 'optional',
  plan: () => [
    { kind: 'work', forMs: 1500, message: 'Checking 14 rules' },
    {
      kind: 'return',
      message: 'Checked',
      result: { ...text('2 of 14 rules failed: no-plain-secrets, pinned-images.'), isError: true },
    },
  ],
};

function batchPlan({ args }: { readonly args: JsonObject }): readonly Step[] {
  const items = Number(args.items ?? 10);
  return [
    ...Array.from(
      { length: items },
      (_, index): Step => ({ kind: 'work', forMs: 1000, message: `Item ${index + 1} of ${items}` }),
    ),
    { kind: 'return', message: 'All done', result: { ...text(`${items} items done.`), structuredContent: { items } } },
  ];
}

const BATCH_INPUT = {
  type: 'object',
  properties: {
    items: { type: 'integer', description: 'How many, one second each', minimum: 1, maximum: 3600, default: 10 },
  },
};

export const batch: DemoTool = {
  name: 'batch',
  title: 'Run a batch',
  description: 'Works through items, one second each. Stops when it is asked to cancel.',
  inputSchema: BATCH_INPUT,
  outputSchema: { type: 'object', properties: { items: { type: 'integer' } }, required: ['items'] },
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  taskSupport: 'optional',
  plan: batchPlan,
};

export const batchPinned: DemoTool = {
  ...batch,
  name: 'batch-pinned',
  title: 'Run a batch to its end',
  description:
    'Works through items, one second each. Hears the wish to cancel and completes all the same, as a server may.',
  taskSupport: 'required',
  cancellable: false,
};
