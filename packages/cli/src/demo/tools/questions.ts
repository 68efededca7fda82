import { accepted, action, type DemoTool, form, type Question, text } from '../tool.ts';
import { VISIT, YOU } from './survey-forms.ts';

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
  workSteps: () => 2,
  run: async ({ work, ask }) => {
    await work('Preparing the forms', 500);
    const answers = await ask('Waiting for both forms', { you: YOU, visit: VISIT });
    await work('Counting', 500);
    return {
      message: 'Thank you',
      result: {
        ...text(`Thank you, ${accepted(answers, 'you')?.name ?? 'stranger'}.`),
        structuredContent: { you: answers.you ?? {}, visit: answers.visit ?? {} },
      },
    };
  },
};

export const signIn: DemoTool = {
  name: 'sign-in',
  title: 'Sign in on a page',
  description: 'Asks to open a page in a browser (served by this demo), and continues after the sign-in there.',
  inputSchema: { type: 'object', properties: {} },
  annotations: { ...ASKS, openWorldHint: true },
  taskSupport: 'required',
  needs: ['url'],
  run: async ({ pageUrl, ask, page }) => {
    const elicitationId = pageUrl.slice(pageUrl.lastIndexOf('/') + 1);
    const params = { mode: 'url', message: 'Please sign in on this page.', url: pageUrl, elicitationId };
    const answers = await ask('Waiting for consent to open the page', {
      page: { method: 'elicitation/create', params },
    });
    const given = action(answers, 'page');
    if (given !== 'accept') {
      return { message: 'Not signed in', result: text(`Not signed in: the page was answered with "${given}".`) };
    }
    await page('Waiting for the sign-in on the page', 600_000);
    return { message: 'Signed in', result: text('Signed in as demo@example.com.') };
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
  workSteps: () => 2,
  before: async ({ args, ask }) => {
    const answers = await ask('Confirm', { confirm: confirmation(`Delete ${args.path ?? '/srv/archive'}?`) });
    if (accepted(answers, 'confirm')?.confirm !== true) return;
    await ask('Reason', {
      reason: form('Why?', { reason: { type: 'string', title: 'Reason', minLength: 3 } }, ['reason']),
    });
  },
  run: async ({ before, work, ask }) => {
    if (accepted(before, 'confirm')?.confirm !== true) return { result: text('Nothing was deleted.') };
    await work('Looking for what depends on it', 1000);
    const answers = await ask('Three jobs depend on it', {
      confirm: confirmation('Three jobs depend on it. Delete all the same?'),
    });
    await work('Finishing', 1000);
    if (accepted(answers, 'confirm')?.confirm !== true) return { result: text('Nothing was deleted.') };
    return { result: text(`Deleted, because: ${accepted(before, 'reason')?.reason ?? 'no reason given'}.`) };
  },
};

function confirmation(message: string): Question {
  return form(message, { confirm: { type: 'boolean', title: 'Delete' } }, ['confirm']);
}

export const summarize: DemoTool = {
  name: 'summarize',
  title: 'Summarize a text',
  description: 'Asks the model behind the client for a summary (sampling): the server has no model.',
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
  run: async ({ args, ask }) => {
    const prompt = `Summarize: ${args.text ?? 'Durable tasks outlive the process that asked for them.'}`;
    const params = {
      systemPrompt: 'You write summaries of one sentence.',
      messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
      maxTokens: 200,
    };
    const { summary } = await ask('Waiting for a model', { summary: { method: 'sampling/createMessage', params } });
    const content = summary?.content as { readonly text?: string } | undefined;
    if (content === undefined)
      return { message: 'Not summarized', result: text('Not summarized: no model was asked.') };
    return { message: 'Summarized', result: text(`Summary: ${content.text ?? '(no text)'}`) };
  },
};
