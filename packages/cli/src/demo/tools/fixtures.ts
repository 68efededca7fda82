import { accepted, type DemoTool, form, text } from '../script.ts';

const NO_INPUT = { type: 'object', properties: {} };

/** The task tools that the protocol's conformance suite calls by name. */
export const fixtures: readonly DemoTool[] = [
  {
    name: 'greet',
    title: 'Greet',
    description: 'Answers at once.',
    inputSchema: { type: 'object', properties: { name: { type: 'string' } } },
    taskSupport: 'forbidden',
    plan: ({ args }) => [{ kind: 'return', result: text(`Hello, ${args.name ?? 'world'}!`) }],
  },
  {
    name: 'slow_compute',
    title: 'Slow computation',
    description: 'Sleeps for some seconds and returns.',
    inputSchema: { type: 'object', properties: { seconds: { type: 'number' }, label: { type: 'string' } } },
    taskSupport: 'optional',
    plan: ({ args }) => [
      { kind: 'work', forMs: Number(args.seconds ?? 1) * 1000, message: 'Computing' },
      { kind: 'return', result: text(`Computed ${args.label ?? 'it'}.`) },
    ],
  },
  {
    name: 'failing_job',
    title: 'Failing job',
    description: 'Ends with a tool error.',
    inputSchema: NO_INPUT,
    taskSupport: 'required',
    plan: () => [
      { kind: 'work', forMs: 1000, message: 'Failing' },
      { kind: 'return', result: { ...text('The job failed.'), isError: true } },
    ],
  },
  {
    name: 'protocol_error_job',
    title: 'Protocol error job',
    description: 'Ends with a protocol error.',
    inputSchema: NO_INPUT,
    taskSupport: 'optional',
    plan: () => [
      { kind: 'work', forMs: 500, message: 'Breaking' },
      { kind: 'fail', error: { code: -32603, message: 'The job broke.' } },
    ],
  },
  {
    name: 'confirm_delete',
    title: 'Confirm a deletion',
    description: 'Asks one question.',
    inputSchema: { type: 'object', properties: { filename: { type: 'string' } } },
    taskSupport: 'optional',
    plan: ({ args, answers }) => [
      {
        kind: 'ask',
        message: 'Waiting',
        questions: { confirm: form(`Delete ${args.filename}?`, { confirm: { type: 'boolean' } }, ['confirm']) },
      },
      {
        kind: 'return',
        result: text(accepted(answers, 'confirm')?.confirm === true ? `Deleted ${args.filename}` : 'Kept'),
      },
    ],
  },
  {
    name: 'multi_input',
    title: 'Two questions',
    description: 'Asks two questions at once.',
    inputSchema: NO_INPUT,
    taskSupport: 'optional',
    plan: ({ answers }) => [
      {
        kind: 'ask',
        message: 'Waiting',
        questions: {
          name: form('Your name?', { name: { type: 'string' } }, ['name']),
          age: form('Your age?', { age: { type: 'integer' } }, ['age']),
        },
      },
      { kind: 'return', result: text(JSON.stringify(answers)) },
    ],
  },
  {
    name: 'test_tool_with_task',
    title: 'Questions, then a task',
    description: 'Asks for a name before there is a task.',
    inputSchema: NO_INPUT,
    taskSupport: 'required',
    before: () => [
      {
        kind: 'ask',
        message: 'Name',
        questions: { user_name: form('Your name?', { name: { type: 'string' } }, ['name']) },
      },
    ],
    plan: ({ before }) => [
      { kind: 'work', forMs: 200, message: 'Greeting' },
      { kind: 'return', result: text(`Hello, ${accepted(before, 'user_name')?.name}`) },
    ],
  },
];
