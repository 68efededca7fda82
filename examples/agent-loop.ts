// An agent loop of the Vercel AI SDK: long tools run as tasks, the loop continues, and a message reports each end.
import { createTaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { generateText, jsonSchema, type ModelMessage, stepCountIs, type ToolSet, tool } from 'ai';
import { demoTarget } from './demo-target.ts';
import { createScriptedModel } from './scripted-model.ts';

const tasks = createTaskClient({ connection: await connect(demoTarget()), store: createMemoryStore() });
const settled: Promise<string>[] = [];

/** Offers a server's tool to the agent; a call that becomes a task returns the task's id at once. */
async function callTool(name: string, args: Record<string, unknown>): Promise<unknown> {
  const task = await tasks.start({ name, arguments: args });
  const answer = await task.accepted();
  if (answer.kind === 'complete') return answer.result.content;
  settled.push(task.outcome().then(({ status }) => `Task ${name} has ended: ${status}`));
  return `Started as a task (${task.latest.statusMessage}). You will be told when it ends.`;
}

const tools: ToolSet = Object.fromEntries(
  (await tasks.listTools())
    .filter(({ name }) => ['report', 'hello'].includes(name))
    .map(({ name, description = name, inputSchema }) => [
      name,
      tool({
        description,
        inputSchema: jsonSchema<Record<string, unknown>>(inputSchema),
        execute: (args) => callTool(name, args),
      }),
    ]),
);

const messages: ModelMessage[] = [{ role: 'user', content: 'Write the report on tides, and greet Ada meanwhile.' }];
const model = createScriptedModel([
  { call: 'report', input: { topic: 'tides' } },
  { call: 'hello', input: { name: 'Ada' } },
  { text: 'The report is under way. Ada is greeted.' },
  { text: 'The report on tides is written.' },
]);

for (let turn = 0; turn < 2; turn += 1) {
  const { text, steps, response } = await generateText({ model, tools, messages, stopWhen: stepCountIs(5) });
  for (const { toolResults } of steps) {
    for (const { toolName, output } of toolResults) console.log(`[tool ${toolName}]`, JSON.stringify(output));
  }
  console.log('[agent]', text);
  messages.push(...response.messages);
  for (const news of await Promise.all(settled.splice(0))) {
    console.log('[news]', news);
    messages.push({ role: 'user', content: news });
  }
}
await tasks.close();
