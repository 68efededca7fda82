// A stdio server whose schemas would block a process forever: in a tool's arguments and in a question.
import { initialize, send, serve, text } from '../cases/stdio-base.mjs';

const levels = Array.from({ length: 30 }, (_each, at) => {
  const $ref = `#/$defs/level${at}`;
  return [`level${at + 1}`, { allOf: [{ $ref }, { $ref }] }];
});
const $defs = { level0: { type: 'string' }, ...Object.fromEntries(levels) };
const name = { type: 'string', pattern: '^([a-z]+)+$' };
const many = {
  type: 'object',
  properties: Object.fromEntries(Array.from({ length: 200 }, (_e, at) => [`p${at}`, { $ref: '#' }])),
};

const schemas = {
  pattern: { type: 'object', properties: { name }, required: ['name'] },
  doubled: { type: 'object', $defs, properties: { name: { $ref: '#/$defs/level30' } }, required: ['name'] },
  ahead: { type: 'object', properties: { name: { type: 'string', pattern: '^(?=a)a+$' } }, required: ['name'] },
  endless: many,
};

const waiting = new Map();
serve({
  initialize,
  'tools/list': {
    tools: Object.entries(schemas).flatMap(([key, inputSchema]) => [
      { name: `call-${key}`, inputSchema },
      { name: `ask-${key}`, inputSchema: { type: 'object' } },
    ]),
  },
  'tools/call': ({ id, params }) => {
    const [how, key] = params.name.split('-');
    if (how === 'call') return text(JSON.stringify(params.arguments));
    waiting.set(`q${id}`, id);
    const asked = { mode: 'form', message: 'Who?', requestedSchema: schemas[key] };
    send({ id: `q${id}`, method: 'elicitation/create', params: asked });
  },
  onReply: ({ id, result }) => send({ id: waiting.get(id), result: text(JSON.stringify(result)) }),
});
