import { accepted, action, type DemoTool, form, text } from '../script.ts';

const DAY_MS = 86_400_000;
const ASKS = { readOnlyHint: false, destructiveHint: false, openWorldHint: false };

export const survey: DemoTool = {
  name: 'survey',
  title: 'Take a survey',
  description:
    'Asks two forms at once that together have every kind of field. They may be answered one by one, in any order.',
  inputSchema: { type: 'object', properties: {} },
  annotations: ASKS,
  taskSupport: 'optional',
  needs: ['form'],
  outputSchema: {
    type: 'object',
    properties: {
      you: { type: 'object', description: 'The answer to the first form' },
      visit: { type: 'object', description: 'The answer to the second form' },
    },
    required: ['you', 'visit'],
  },
  ttlMs: DAY_MS,
  plan: ({ answers }) => [
    { kind: 'work', forMs: 500, message: 'Preparing the forms' },
    {
      kind: 'ask',
      message: 'Waiting for both forms',
      questions: {
        you: form(
          'About you',
          {
            name: { type: 'string', title: 'Name', minLength: 2, maxLength: 40 },
            email: { type: 'string', title: 'Email', format: 'email' },
            website: { type: 'string', title: 'Website', format: 'uri' },
            birthday: { type: 'string', title: 'Birthday', format: 'date' },
            age: { type: 'integer', title: 'Age', minimum: 0, maximum: 150 },
            newsletter: { type: 'boolean', title: 'Newsletter', default: false },
          },
          ['name', 'email'],
        ),
        visit: form(
          'About your visit',
          {
            arrivedAt: { type: 'string', title: 'Arrived at', format: 'date-time' },
            rating: { type: 'number', title: 'Rating', minimum: 0, maximum: 5, default: 4.5 },
            drink: { type: 'string', title: 'Drink', enum: ['coffee', 'tea', 'water'], default: 'tea' },
            seat: {
              type: 'string',
              title: 'Seat',
              oneOf: [
                { const: 'window', title: 'At the window' },
                { const: 'aisle', title: 'On the aisle' },
              ],
            },
            extras: {
              type: 'array',
              title: 'Extras',
              items: { type: 'string', enum: ['wifi', 'lunch', 'parking'] },
              maxItems: 2,
            },
            topics: {
              type: 'array',
              title: 'Topics',
              minItems: 1,
              items: {
                anyOf: [
                  { const: 'api', title: 'Interfaces' },
                  { const: 'ops', title: 'Operations' },
                  { const: 'ux', title: 'Terminals' },
                ],
              },
              default: ['api'],
            },
            // Legacy titles of enum values (`enumNames`), which servers of earlier revisions still send.
            badge: { type: 'string', title: 'Badge', enum: ['g', 's'], enumNames: ['Guest', 'Speaker'] },
          },
          ['rating', 'topics'],
        ),
      },
    },
    { kind: 'work', forMs: 500, message: 'Counting' },
    {
      kind: 'return',
      message: 'Thank you',
      result: {
        ...text(`Thank you, ${accepted(answers, 'you')?.name ?? 'stranger'}.`),
        structuredContent: { you: answers.you ?? {}, visit: answers.visit ?? {} },
      },
    },
  ],
};

export const signIn: DemoTool = {
  name: 'sign-in',
  title: 'Sign in on a page',
  description: 'Asks to open a page in a browser (served by this demo) and goes on once somebody has signed in there.',
  inputSchema: { type: 'object', properties: {} },
  annotations: { ...ASKS, openWorldHint: true },
  taskSupport: 'required',
  needs: ['url'],
  plan: ({ answers, pageUrl }) => {
    const ask = {
      kind: 'ask',
      message: 'Waiting for consent to open the page',
      questions: {
        page: {
          method: 'elicitation/create',
          params: {
            mode: 'url',
            message: 'Please sign in on this page.',
            url: pageUrl,
            elicitationId: pageUrl.slice(pageUrl.lastIndexOf('/') + 1),
          },
        },
      },
    } as const;
    if (action(answers, 'page') !== 'accept') {
      return [
        ask,
        {
          kind: 'return',
          message: 'Not signed in',
          result: text(`Not signed in: the page was answered with "${action(answers, 'page')}".`),
        },
      ];
    }
    return [
      ask,
      { kind: 'await-page', withinMs: 600_000, message: 'Waiting for the sign-in on the page' },
      { kind: 'return', message: 'Signed in', result: text('Signed in as demo@example.com.') },
    ];
  },
};

export const confirmFirst: DemoTool = {
  name: 'confirm-first',
  title: 'Confirm before starting',
  description:
    'Asks two questions before there is a task, then makes one that asks again under the same name. Nothing is deleted.',
  inputSchema: {
    type: 'object',
    properties: { path: { type: 'string', description: 'What to delete; nothing is', default: '/srv/archive' } },
  },
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
  taskSupport: 'optional',
  needs: ['form'],
  before: ({ args, answers }) => {
    const confirm = {
      kind: 'ask',
      message: 'Confirm',
      questions: {
        confirm: form(`Delete ${args.path ?? '/srv/archive'}?`, { confirm: { type: 'boolean', title: 'Delete' } }, [
          'confirm',
        ]),
      },
    } as const;
    if (answers.confirm !== undefined && accepted(answers, 'confirm')?.confirm !== true) return [confirm];
    return [
      confirm,
      {
        kind: 'ask',
        message: 'Reason',
        questions: { reason: form('Why?', { reason: { type: 'string', title: 'Reason', minLength: 3 } }, ['reason']) },
      },
    ];
  },
  plan: ({ before, answers }) => {
    if (accepted(before, 'confirm')?.confirm !== true)
      return [{ kind: 'return', result: text('Nothing was deleted.') }];
    return [
      { kind: 'work', forMs: 1000, message: 'Looking for what depends on it' },
      {
        kind: 'ask',
        message: 'Three jobs depend on it',
        questions: {
          confirm: form(
            'Three jobs depend on it. Delete all the same?',
            { confirm: { type: 'boolean', title: 'Delete' } },
            ['confirm'],
          ),
        },
      },
      { kind: 'work', forMs: 1000, message: 'Finishing' },
      {
        kind: 'return',
        result: text(
          accepted(answers, 'confirm')?.confirm === true
            ? `Deleted, because: ${accepted(before, 'reason')?.reason ?? 'no reason given'}.`
            : 'Nothing was deleted.',
        ),
      },
    ];
  },
};

export const summarize: DemoTool = {
  name: 'summarize',
  title: 'Summarize a text',
  description: 'Asks the model behind the client for a summary (sampling): the server has none of its own.',
  inputSchema: {
    type: 'object',
    properties: {
      text: {
        type: 'string',
        description: 'What to summarize',
        default: 'Durable tasks outlive the process that asked for them.',
      },
    },
  },
  annotations: { readOnlyHint: true, openWorldHint: true },
  taskSupport: 'optional',
  needs: ['sampling'],
  plan: ({ args, answers }) => {
    const content = answers.summary?.content as { readonly text?: string } | undefined;
    return [
      {
        kind: 'ask',
        message: 'Waiting for a model',
        questions: {
          summary: {
            method: 'sampling/createMessage',
            params: {
              systemPrompt: 'You write summaries of one sentence.',
              messages: [
                {
                  role: 'user',
                  content: {
                    type: 'text',
                    text: `Summarize: ${args.text ?? 'Durable tasks outlive the process that asked for them.'}`,
                  },
                },
              ],
              maxTokens: 200,
            },
          },
        },
      },
      content === undefined
        ? { kind: 'return', message: 'Not summarized', result: text('Not summarized: no model was asked.') }
        : { kind: 'return', message: 'Summarized', result: text(`Summary: ${content.text ?? '(no text)'}`) },
    ];
  },
};
