import type { TaskRecord } from '@mcp-tasks/client';
import { asking, connect, load, NOW, type Played, press, report, send, settled, start, task } from '../state/play.ts';
import { multiTaskScenes } from './multi-task-scenes.ts';
import type { Size } from './size.ts';

const survey = {
  method: 'elicitation/create',
  params: {
    message: 'Release checkout 2.4.0 to production? All 312 tests passed.',
    requestedSchema: {
      type: 'object',
      required: ['approve', 'name'],
      properties: {
        approve: { type: 'boolean', title: 'Approve', description: 'Go ahead with this release', default: false },
        name: { type: 'string', title: 'Your name', minLength: 2, maxLength: 40 },
        strategy: {
          type: 'string',
          title: 'Strategy',
          oneOf: [
            { const: 'canary', title: 'Canary: 5 % first, then everyone' },
            { const: 'blue-green', title: 'Blue-green: switch at once' },
          ],
        },
        extras: {
          type: 'array',
          title: 'Extras',
          items: { type: 'string', enum: ['mail', 'chat', 'page'] },
          maxItems: 2,
        },
        limits: { type: 'object', title: 'Limits', default: { cpu: 2 } },
      },
    },
  },
};

const page = {
  method: 'elicitation/create',
  params: {
    mode: 'url',
    message: 'Please sign in on this page.',
    url: `https://id.example/sign-in?state=${'0123456789abcdef'.repeat(6)}`,
  },
};

const open = (key: string) => ({ [key]: { state: 'open' as const, digest: `digest of ${key}` } });

const release = asking('k7f3q2', [], {
  tool: 'release',
  statusMessage: 'Waiting for approval',
  inputRequests: { approval: survey, page },
  ledger: { ...open('approval'), ...open('page') },
  history: [
    { at: NOW - 120_000, status: 'working', message: 'Building checkout 2.4.0' },
    { at: NOW - 60_000, status: 'working', message: 'Running 312 tests' },
    { at: NOW - 2_000, status: 'input_required', message: 'Waiting for approval' },
  ],
});

const files = {
  fingerprint: 'files',
  label: 'files.example',
  target: { kind: 'url', url: 'https://files.example/mcp' },
} as const;

const reportTask = settled('aa81bc', {
  tool: 'report',
  outcome: {
    status: 'completed',
    result: {
      content: [
        { type: 'text', text: 'Response times were fine.\n\nThe slowest page took 1.2 s.' },
        { type: 'image', mimeType: 'image/png', data: 'aaaa'.repeat(900) },
        { type: 'resource_link', name: 'report.pdf', uri: 'https://files.example/report.pdf' },
      ],
      structuredContent: { pages: 214, slowest: { path: '/cart', ms: 1200 } },
    },
  },
});

const RECORDS: readonly TaskRecord[] = [
  release,
  task('p9d2ab', {
    tool: 'crunch-numbers',
    createdAt: NOW - 3_700_000,
    statusMessage: '48 % of 数字 done',
    ttlMs: null,
  }),
  task('zz81bb', {
    tool: 'backup',
    server: files,
    ttlMs: 150_000,
    trouble: 'connect ECONNREFUSED 203.0.113.7:443',
    contact: { kind: 'silent', since: NOW },
  }),
  task('cn81bb', { tool: 'migrate', createdAt: NOW - 180_000, cancelRequestedAt: NOW - 5_000 }),
  task('lo5tid', {
    tool: 'charge-card',
    phase: 'intent',
    status: 'unknown',
    taskId: null,
    createdAt: NOW - 200_000,
    trouble: 'the connection closed before an answer came',
    contact: { kind: 'lost', since: NOW },
  }),
  reportTask,
  settled('bb81bb', { outcome: { status: 'failed', error: { code: -32603, message: 'disk full' } } }),
  settled('cc81bb', { tool: 'index', status: 'cancelled', statusMessage: undefined, outcome: { status: 'cancelled' } }),
  settled('dd81bb', {
    tool: 'export',
    outcome: { status: 'completed', result: { isError: true, content: [{ type: 'text', text: 'No such table.' }] } },
  }),
  settled('ee81bb', {
    tool: 'resize',
    outcome: { status: 'expired', error: { code: -32602, message: 'Unknown task' } },
  }),
];

const tools = [
  {
    name: 'release',
    title: 'Release a service',
    description: 'Builds and tests a service, asks for approval, and rolls it out.',
    inputSchema: {
      type: 'object',
      required: ['service'],
      properties: {
        service: { type: 'string', description: 'What to release' },
        environment: { type: 'string', enum: ['staging', 'production'], default: 'staging' },
      },
    },
    taskSupport: 'optional',
  },
  { name: 'ping', title: 'Answer at once', inputSchema: { type: 'object' }, taskSupport: 'forbidden' },
  {
    name: 'transfer',
    title: 'Move to another zone',
    inputSchema: {
      type: 'object',
      required: ['zone'],
      properties: {
        labels: { type: 'array', items: { type: 'string' } },
        zone: { type: 'string', enum: Array.from({ length: 300 }, (_each, at) => `zone-${at + 1}`) },
      },
    },
    taskSupport: 'optional',
  },
] as const;

function everything(size: Size): Played {
  const both = connect(load(start(size), ...RECORDS));
  return report(both, { kind: 'server', fingerprint: 'files', label: 'files.example', state: 'unreachable' });
}

function picking(size: Size): Played {
  return send(press(connect(load(start(size))), 'n'), { kind: 'tools-loaded', fingerprint: 'demo', tools });
}

function choosingZone(size: Size): Played {
  return press(picking(size), 'tra<enter>');
}

function connecting(size: Size): Played {
  return report(load(start(size)), { kind: 'server', fingerprint: 'demo', label: 'demo', state: 'connecting' });
}

/** One scene per page of the view, reached by keys as a person would. */
export const scenes: Readonly<Record<string, (size: Size) => Played>> = {
  opening: start,
  empty: (size) => connect(load(start(size))),
  list: everything,
  filtered: (size) => press(everything(size), '/rele'),
  confirming: (size) => press(everything(size), 'c'),
  leaving: (size) => load(load(start(size), task('open01')), settled('open01')),
  'leaving-children': (size) => {
    const server = {
      fingerprint: 'shop',
      label: 'shop',
      target: { kind: 'command', command: 'shop', args: [] },
    } as const;
    const work = [
      task('p9d2ab', { server, tool: 'crunch-numbers', createdAt: NOW - 3_700_000 }),
      task('lo5tid', { server, tool: 'charge-card', phase: 'intent', status: 'unknown', taskId: null }),
    ];
    const asked = press(load(connect(everything(size), 'shop'), ...work), 'q');
    return send(asked, { kind: 'work-found', ids: work.map(({ id }) => id), isKept: false });
  },
  'read-only': (size) => connect(load(start({ ...size, readOnly: true }), release)),
  'others-tasks': (size) =>
    press(
      report(connect(load(start(size), release)), {
        kind: 'others',
        fingerprint: 'demo',
        records: [task('th81rs', { tool: '(unknown)', revision: '2025-11-25', nextPollAt: undefined })],
      }),
      'j',
    ),
  unsaved: (size) =>
    report(everything(size), {
      kind: 'warning',
      text: 'NOT SAVED: tasks of this process are lost when it ends. The task store in /home/ada/.local/state/mcp-tasks cannot be used: the disk is full. Make room there, or set MCP_TASKS_HOME to another place.',
    }),
  detached: (size) => press(connect(load(start(size), task('p9d2ab'))), 'd'),
  'long-question': (size) => {
    const message = Array.from({ length: 60 }, (_each, at) => `Clause ${at + 1} of the terms.`).join('\n');
    const asked = { ...survey, params: { ...survey.params, message } };
    const long = asking('k7f3q2', ['approval'], { tool: 'release', inputRequests: { approval: asked } });
    return press(connect(load(start(size), long)), 'a');
  },
  help: (size) => press(everything(size), '?'),
  detail: (size) => press(everything(size), '<enter>'),
  result: (size) => press(load(start(size), reportTask), '<enter>'),
  form: (size) => press(everything(size), 'a<enter>Ada'),
  choices: (size) => press(everything(size), 'a<enter>Ada<enter><right>'),
  'wrong-field': (size) => press(everything(size), 'a<enter>A<enter>'),
  review: (size) => press(everything(size), 'ay<enter>Ada<enter><ctrl-r>'),
  'wrong-review': (size) => press(everything(size), 'a<ctrl-r>'),
  page: (size) => press(everything(size), 'a<ctrl-n>'),
  withdrawn: (size) => load(press(everything(size), 'a'), settled('k7f3q2')),
  'pick-server': (size) => press(connect(connect(load(start(size))), 'files.example'), 'n'),
  'pick-tool': picking,
  'pick-tool-connecting': (size) => press(connecting(size), 'n'),
  'pick-tool-failed': (size) =>
    send(press(connecting(size), 'n'), {
      kind: 'tools-failed',
      fingerprint: 'demo',
      problem: 'http://localhost:4821/mcp cannot be reached: connect ECONNREFUSED 127.0.0.1:4821',
    }),
  'not-answered': (size) =>
    send(everything(size), {
      kind: 'act-failed',
      act: { kind: 'answer', id: 'k7f3q2', key: 'approval', digest: 'seen', response: { action: 'accept' } },
      problem:
        'The answer to "approval" is saved, but the server has not confirmed it: connect ECONNREFUSED 127.0.0.1:4821. It is sent on the next connection that follows the task.',
    }),
  'long-list': (size) => press(choosingZone(size), '<enter><end><pgup>'),
  'long-list-help': (size) => press(choosingZone(size), '<enter>?'),
  'call-review': (size) => press(choosingZone(size), '<ctrl-r>'),
  'field-help': (size) => press(everything(size), 'a?'),
  call: (size) => press(picking(size), '<enter>web'),
  ...multiTaskScenes,
};
