import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CompleteRequestSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  type LoggingLevel,
  ReadResourceRequestSchema,
  SetLevelRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { encodePrompt, prompts } from '../fixtures/prompts.ts';
import { readResource, resources, resourceTemplates } from '../fixtures/resources.ts';
import type { JsonObject } from '../tool.ts';
import { askClient, type Extra } from './ask.ts';
import { RpcFailure } from './rpc-failure.ts';

export const FIXTURE_CAPABILITIES = { logging: {}, completions: {}, prompts: {}, resources: { subscribe: true } };

/** Serves the conformance suite's fixtures other than tools. Returns whether the client wants logs. */
export function serveFixtures(server: Server): () => boolean {
  let level: LoggingLevel = 'info';
  server.setRequestHandler(SetLevelRequestSchema, ({ params }) => {
    level = params.level;
    return {};
  });
  server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: prompts.map(encodePrompt) }) as never);
  server.setRequestHandler(GetPromptRequestSchema, async ({ params }, extra) => {
    const prompt = prompts.find(({ name }) => name === params.name);
    if (prompt === undefined) throw new RpcFailure({ code: -32602, message: `Unknown prompt: ${params.name}` });
    const answers: Record<string, JsonObject> = {};
    for (const [key, question] of Object.entries(prompt.questions ?? {})) {
      const answer = await askClient(extra as Extra, question, undefined, extra.signal);
      if (answer !== undefined) answers[key] = answer;
    }
    return { messages: prompt.messages(params.arguments ?? {}, answers) } as never;
  });
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources }) as never);
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates }) as never);
  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) => {
    const content = readResource(uri);
    if (content === undefined) throw new RpcFailure({ code: -32002, message: 'Resource not found', data: { uri } });
    return { contents: [content] } as never;
  });
  // Fixture resources never change: no update is sent to subscribers.
  server.setRequestHandler(SubscribeRequestSchema, () => ({}));
  server.setRequestHandler(UnsubscribeRequestSchema, () => ({}));
  server.setRequestHandler(CompleteRequestSchema, ({ params: { argument } }) => {
    const values = ['paris', 'park', 'party'].filter((value) => value.startsWith(argument.value));
    return { completion: { values, total: values.length, hasMore: false } };
  });
  return () => level === 'debug' || level === 'info';
}
