import { ProtocolError, type Server } from '@modelcontextprotocol/server';
import { encodePrompt, prompts } from '../fixtures/prompts.ts';
import { readResource, resources, resourceTemplates } from '../fixtures/resources.ts';
import type { Answers } from '../tool.ts';

export const FIXTURE_CAPABILITIES = { logging: {}, completions: {}, prompts: {}, resources: {} };

/** Serves the conformance suite's fixtures other than tools. */
export function serveFixtures(server: Server): void {
  server.setRequestHandler('prompts/list', () => ({ prompts: prompts.map(encodePrompt) }) as never);
  server.setRequestHandler('prompts/get', ({ params }, ctx) => {
    const prompt = prompts.find(({ name }) => name === params.name);
    if (prompt === undefined) throw new ProtocolError(-32602, `Unknown prompt: ${params.name}`);
    const answers = (ctx.mcpReq.inputResponses ?? {}) as Answers;
    const open = Object.entries(prompt.questions ?? {}).filter(([key]) => !Object.hasOwn(answers, key));
    if (open.length > 0) return { resultType: 'input_required', inputRequests: Object.fromEntries(open) } as never;
    return { messages: prompt.messages(params.arguments ?? {}, answers) } as never;
  });
  server.setRequestHandler('resources/list', () => ({ resources }) as never);
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates }) as never);
  server.setRequestHandler('resources/read', ({ params: { uri } }) => {
    const content = readResource(uri);
    if (content === undefined) throw new ProtocolError(-32602, 'Resource not found', { uri });
    return { contents: [content] } as never;
  });
  server.setRequestHandler('completion/complete', ({ params: { argument } }) => {
    const values = ['paris', 'park', 'party'].filter((value) => value.startsWith(argument.value));
    return { completion: { values, total: values.length, hasMore: false } };
  });
}
