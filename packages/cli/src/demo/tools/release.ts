import { accepted, action, type DemoTool, form, type Question, text } from '../tool.ts';

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
  workSteps: () => 4,
  run: async ({ args, work, ask }) => {
    const service = String(args.service ?? 'checkout');
    const version = String(args.version ?? '2.4.0');
    const environment = String(args.environment ?? 'staging');
    const name = `${service} ${version}`;
    await work(`Building ${name}`, 1500);
    await work('Running 312 tests', 1500);
    const approvals = await ask('Waiting for approval', { approval: approvalOf(name, environment) });
    const approval = accepted(approvals, 'approval');
    if (approval?.approve !== true) {
      const why =
        approval === undefined
          ? `the approval was answered with "${action(approvals, 'approval')}"`
          : 'it was not approved';
      const structuredContent = { service, version, environment, live: false };
      return { message: 'Not released', result: { ...text(`${name} was not released: ${why}.`), structuredContent } };
    }
    const strategies = await ask('Waiting for a strategy', { strategy: STRATEGY });
    const strategy = String(accepted(strategies, 'strategy')?.strategy ?? 'rolling');
    await work(`Rolling out (${strategy}): 10 %`, 1500);
    await work(`Rolling out (${strategy}): 60 %`, 1500);
    const note = approval.note ? ` Note: ${approval.note}` : '';
    return {
      message: 'Released',
      result: {
        ...text(`${name} is live on ${environment} (${strategy}).${note}`),
        structuredContent: { service, version, environment, strategy, live: true },
      },
    };
  },
};

function approvalOf(name: string, environment: string): Question {
  return form(
    `Release ${name} to ${environment}? All 312 tests passed.`,
    {
      approve: { type: 'boolean', title: 'Approve', description: 'Go ahead with this release', default: false },
      note: { type: 'string', title: 'Note', description: 'Kept with the release', maxLength: 200 },
    },
    ['approve'],
  );
}

const STRATEGY = form(
  'How should it be rolled out?',
  {
    strategy: {
      type: 'string',
      title: 'Strategy',
      oneOf: [
        { const: 'canary', title: 'Canary: 5 % first, then everyone' },
        { const: 'blue-green', title: 'Blue-green: switch at once, keep the old one warm' },
        { const: 'rolling', title: 'Rolling: one instance after the other' },
      ],
      default: 'canary',
    },
  },
  ['strategy'],
);
