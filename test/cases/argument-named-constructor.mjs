// mcp-tasks call make --arg name=a -- node argument-named-constructor.mjs
// Expected: `constructor` is optional and was not given: the call is sent, exit 0. The same for toString, valueOf, __proto__,
// also as a required argument (`need-NAME`) and as the field of a form (`ask-NAME`).
import { initialize, send, serve, text } from './stdio-base.mjs';

const make = { type: 'object', properties: { name: { type: 'string' }, constructor: { type: 'string' } } };
const tools = ['constructor', '__proto__', 'toString', 'valueOf'].flatMap((name) => {
  const properties = Object.fromEntries([[name, { type: 'string' }]]);
  const inputSchema = { type: 'object', properties, required: [name] };
  return [
    { name: `need-${name}`, inputSchema },
    { name: `ask-${name}`, inputSchema: { type: 'object' }, _meta: { asks: inputSchema } },
  ];
});
const calls = new Map();

serve({
  initialize,
  'tools/list': { tools: [{ name: 'make', inputSchema: make }, ...tools] },
  'tools/call': ({ id, params }) => {
    const asks = tools.find(({ name }) => name === params.name)?._meta?.asks;
    if (asks === undefined) return text(JSON.stringify(params.arguments));
    calls.set(`q${id}`, id);
    const asked = { mode: 'form', message: 'Who?', requestedSchema: asks };
    send({ id: `q${id}`, method: 'elicitation/create', params: asked });
  },
  onReply: ({ id, result }) => send({ id: calls.get(id), result: text(JSON.stringify(result)) }),
});
