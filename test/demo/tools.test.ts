import {
  BooleanSchemaSchema,
  LegacyTitledEnumSchemaSchema,
  NumberSchemaSchema,
  StringSchemaSchema,
  TitledMultiSelectEnumSchemaSchema,
  TitledSingleSelectEnumSchemaSchema,
  UntitledMultiSelectEnumSchemaSchema,
  UntitledSingleSelectEnumSchemaSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv-provider.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningDemo, serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { connectSdkV1, type OfficialClient } from './sdk-v1-client.ts';
import { send, until } from './support.ts';

const SURVEY = {
  'About you': { name: 'Ada', email: 'ada@example.com' },
  'About your visit': { rating: 5, topics: ['api'], badge: 'g' },
} as const;

let demo: RunningDemo;
let official: OfficialClient;
beforeAll(async () => {
  demo = await serveDemoHttp({ speed: 0.05 });
  official = await connectSdkV1(demo.url, {
    answer: (message) => ({
      action: 'accept',
      content: { approve: true, strategy: 'canary', confirm: true, reason: 'old', ...SURVEY[message as 'About you'] },
    }),
  });
});
afterAll(async () => {
  await official.close();
  await demo.stop();
});

test('every tool has a description, described arguments and annotations', async () => {
  const { tools } = await official.client.listTools();
  for (const { name, title, description = '', inputSchema, annotations = {} } of tools) {
    expect([name, title, description.length]).toEqual([name, expect.any(String), expect.toSatisfy((n) => n > 30)]);
    for (const [property, schema] of Object.entries(inputSchema.properties ?? {})) {
      expect([name, property, (schema as { description?: unknown }).description]).toEqual([
        name,
        property,
        expect.any(String),
      ]);
    }
    const changes = annotations.readOnlyHint === false ? ['destructiveHint'] : [];
    expect(Object.keys(annotations)).toEqual(expect.arrayContaining(['readOnlyHint', 'openWorldHint', ...changes]));
  }
});

test('each result matches the output schema of its tool, in both revisions', async () => {
  const { tools } = await official.client.listTools();
  const described = tools.filter(({ outputSchema }) => outputSchema !== undefined);
  expect(described.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['release', 'report', 'survey', 'batch', 'large-result', 'echo']),
  );
  const validator = new AjvJsonSchemaValidator();
  for (const { name, outputSchema, execution } of described) {
    const args = name === 'echo' ? { text: 'x' } : name.startsWith('batch') ? { items: 1 } : {};
    const validate = validator.getValidator(outputSchema as object);
    const verdict = (data: unknown) => [name, validate(data)];
    const fine = [name, { valid: true, data: expect.anything(), errorMessage: undefined }];
    if (execution?.taskSupport !== 'required') {
      const { structuredContent } = await official.client.callTool({ name, arguments: args });
      expect(verdict(structuredContent)).toEqual(fine);
    }
    const { result = {} } = await send(demo.url, 'tools/call', { name, arguments: args });
    if (result.taskId === undefined || name === 'release' || name === 'survey') continue;
    const { result: final } = await until(demo.url, result.taskId as string, 'completed');
    expect(verdict((final as { structuredContent?: unknown }).structuredContent)).toEqual(fine);
  }
});

test('a declined release returns structured content with live: false', async () => {
  const declining = await connectSdkV1(demo.url, { answer: () => ({ action: 'decline' }) });
  await declining.client.listTools();
  const { structuredContent } = await declining.client.callTool({ name: 'release', arguments: {} });
  expect(structuredContent).toEqual({ service: 'checkout', version: '2.4.0', environment: 'staging', live: false });
  await declining.close();
});

test('the survey has every type of form field of the protocol', async () => {
  const { result } = await send(demo.url, 'tools/call', { name: 'survey', arguments: {} });
  const { inputRequests } = await until(demo.url, result?.taskId as string, 'input_required');
  type Form = { readonly params: { readonly requestedSchema: { readonly properties: Record<string, object> } } };
  const fields = Object.values(inputRequests as Record<string, Form>).flatMap(({ params }) =>
    Object.values(params.requestedSchema.properties),
  );
  const kinds = {
    boolean: BooleanSchemaSchema,
    number: NumberSchemaSchema,
    text: StringSchemaSchema,
    'one of a list': UntitledSingleSelectEnumSchemaSchema,
    'one of a titled list': TitledSingleSelectEnumSchemaSchema,
    'one of a list titled the old way': LegacyTitledEnumSchemaSchema.required({ enumNames: true }),
    'some of a list': UntitledMultiSelectEnumSchemaSchema,
    'some of a titled list': TitledMultiSelectEnumSchemaSchema,
  };
  for (const [kind, schema] of Object.entries(kinds)) {
    expect([kind, fields.some((field) => schema.safeParse(field).success)]).toEqual([kind, true]);
  }
  const has = (name: string) => fields.map((field) => (field as Record<string, unknown>)[name]).filter(Boolean);
  expect(has('type')).toEqual(expect.arrayContaining(['string', 'number', 'integer', 'boolean', 'array']));
  expect(has('format')).toEqual(expect.arrayContaining(['email', 'uri', 'date', 'date-time']));
  for (const limit of ['minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems', 'default']) {
    expect([limit, has(limit).length > 0 || fields.some((field) => limit in field)]).toEqual([limit, true]);
  }
});

test('a large result arrives whole', async () => {
  const { result } = await send(demo.url, 'tools/call', { name: 'large-result', arguments: { kilobytes: 2048 } });
  const done = await until(demo.url, result?.taskId as string, 'completed');
  const [text, ...rest] = (done.result as { content: { type: string; text?: string }[] }).content;
  expect(text?.text?.length).toBe(2048 * 1024);
  expect(rest.map(({ type }) => type)).toEqual(['image', 'resource_link']);
});
