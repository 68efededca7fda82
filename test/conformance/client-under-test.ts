// Our client under the protocol's conformance suite: the scenario's name selects what it does. Prints what it received.

import { createTaskClient, type JsonObject, type TaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { type Given, signInFor } from './sign-in-under-test.ts';

const [url = ''] = process.argv.slice(2);
const { MCP_CONFORMANCE_SCENARIO: scenario = '', MCP_CONFORMANCE_CONTEXT: context = '{}' } = process.env;

/** Arguments that satisfy the schema, as far as the suite needs. */
function argumentsFor(schema: JsonObject): JsonObject {
  const given: Readonly<Record<string, JsonObject[string]>> = { string: 'text', number: 5, integer: 3, boolean: true };
  const properties = Object.entries((schema.properties ?? {}) as Record<string, JsonObject>);
  return Object.fromEntries(
    properties.map(([name, { type, default: usual }]) => [name, usual ?? given[String(type)] ?? null]),
  );
}

/** The defaults of a form, as a person accepts it unchanged. */
function defaultsOf(params: JsonObject): JsonObject {
  const { properties = {} } = (params.requestedSchema ?? {}) as { properties?: Record<string, JsonObject> };
  const withDefault = Object.entries(properties).filter(([, field]) => field.default !== undefined);
  return Object.fromEntries(withDefault.map(([name, field]) => [name, field.default ?? null]));
}

async function callOne(tasks: TaskClient, name: string, args: JsonObject): Promise<void> {
  const call = await acceptedCall(tasks, { name, arguments: args });
  if (call.kind === 'complete') return console.log(name, JSON.stringify(call.result));
  for await (const update of call.task.updates()) {
    if (update.kind !== 'question') continue;
    const content = {
      ...argumentsFor(update.request.params.requestedSchema as JsonObject),
      ...defaultsOf(update.request.params),
    };
    await answerNow(call.task, update.key, { action: 'accept', content });
  }
  console.log(name, JSON.stringify(await call.task.outcome()));
}

const given = JSON.parse(context) as Given & { toolCalls?: readonly { name: string; arguments: JsonObject }[] };
const connection = await connect({ kind: 'url', url }, signInFor(scenario, given));
const tasks = createTaskClient({ connection, store: createMemoryStore() });
console.log('negotiated', connection.negotiated.revision);
const tools = await tasks.listTools();
const [first] = tools;
/** One tool expects our view of another tool's schema. */
const echo = { schema: first?.inputSchema ?? {} };
const offered = tools.map(({ name, inputSchema }) => ({
  name,
  arguments: name === 'json_schema_echo' ? echo : argumentsFor(inputSchema),
}));
for (const { name, arguments: args } of given.toolCalls ?? offered) {
  await callOne(tasks, name, args).catch((error: unknown) => console.log(name, String(error)));
}
await tasks.close();
