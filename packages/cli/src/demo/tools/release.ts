import { accepted, action, type DemoTool, form, text } from '../script.ts';

const STRATEGIES = [
  { const: 'canary', title: 'Canary: 5 % first, then everyone' },
  { const: 'blue-green', title: 'Blue-green: switch at once, keep the old one warm' },
  { const: 'rolling', title: 'Rolling: one instance after the other' },
];

export const release: DemoTool = {
  name: 'release',
  title: 'Release a service',
  description:
    'Builds and tests a service, asks for approval, asks how to roll it out, and rolls it out. Nothing real is touched.',
  inputSchema: {
    type: 'object',
    properties: {
      service: { type: 'string', description: 'What to release', default: 'checkout' },
      version: { type: 'string', description: 'Version to release', default: '2.4.0' },
      environment: { type: 'string', description: 'Where to', enum: ['staging', 'production'], default: 'staging' },
    },
  },
  outputSchema: {
    type: 'object',
    properties: {
      service: { type: 'string' },
      version: { type: 'string' },
      environment: { type: 'string' },
      strategy: { type: 'string', description: 'How it was rolled out, if it was' },
      live: { type: 'boolean', description: 'Whether it was released' },
    },
    required: ['service', 'version', 'environment', 'live'],
  },
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  taskSupport: 'optional',
  needs: ['form'],
  ttlMs: 86_400_000,
  plan: ({ args, answers }) => {
    const service = String(args.service ?? 'checkout');
    const version = String(args.version ?? '2.4.0');
    const environment = String(args.environment ?? 'staging');
    const name = `${service} ${version}`;
    const approval = accepted(answers, 'approval');
    const strategy = String(accepted(answers, 'strategy')?.strategy ?? 'rolling');
    const opening = [
      { kind: 'work', forMs: 1500, message: `Building ${name}` },
      { kind: 'work', forMs: 1500, message: 'Running 312 tests' },
      {
        kind: 'ask',
        message: 'Waiting for approval',
        questions: {
          approval: form(
            `Release ${name} to ${environment}? All 312 tests passed.`,
            {
              approve: { type: 'boolean', title: 'Approve', description: 'Go ahead with this release', default: false },
              note: { type: 'string', title: 'Note', description: 'Kept with the release', maxLength: 200 },
            },
            ['approve'],
          ),
        },
      },
    ] as const;
    if (approval?.approve !== true) {
      const why =
        approval === undefined
          ? `the approval was answered with "${action(answers, 'approval')}"`
          : 'it was not approved';
      return [
        ...opening,
        {
          kind: 'return',
          message: 'Not released',
          result: {
            ...text(`${name} was not released: ${why}.`),
            structuredContent: { service, version, environment, live: false },
          },
        },
      ];
    }
    const note = approval.note ? ` Note: ${approval.note}` : '';
    return [
      ...opening,
      {
        kind: 'ask',
        message: 'Waiting for a strategy',
        questions: {
          strategy: form(
            'How should it be rolled out?',
            { strategy: { type: 'string', title: 'Strategy', oneOf: STRATEGIES, default: 'canary' } },
            ['strategy'],
          ),
        },
      },
      { kind: 'work', forMs: 1500, message: `Rolling out (${strategy}): 10 %` },
      { kind: 'work', forMs: 1500, message: `Rolling out (${strategy}): 60 %` },
      {
        kind: 'return',
        message: 'Released',
        result: {
          ...text(`${name} is live on ${environment} (${strategy}).${note}`),
          structuredContent: { service, version, environment, strategy, live: true },
        },
      },
    ];
  },
};
