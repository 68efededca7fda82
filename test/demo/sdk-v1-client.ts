import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CreateMessageRequestSchema,
  CreateTaskResultSchema,
  ElicitRequestSchema,
  TaskStatusNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';

type Content = Record<string, string | number | boolean | string[]>;
export type Reply = { action: 'accept' | 'decline' | 'cancel'; content?: Content };

export interface OfficialClient {
  readonly client: Client;
  readonly transport: StreamableHTTPClientTransport;
  /** Params of each question received. */
  readonly asked: Record<string, unknown>[];
  /** Pushed statuses, as `taskId status`. */
  readonly pushed: string[];
  readonly start: (name: string, args?: object, ttl?: number) => Promise<string>;
  readonly close: () => Promise<void>;
}

export interface OfficialClientOptions {
  readonly capabilities?: object;
  readonly sessionId?: string;
  readonly answer?: (message: string) => Reply | Promise<Reply>;
  readonly transport?: Transport;
}

/** The official 1.x client, connected. */
export async function connectSdkV1(url: string, options: OfficialClientOptions = {}): Promise<OfficialClient> {
  const { capabilities = { elicitation: { form: {}, url: {} }, sampling: {} }, sessionId, answer } = options;
  const client = new Client({ name: 'official', version: '1' }, { capabilities });
  const [asked, pushed]: [Record<string, unknown>[], string[]] = [[], []];
  if ('elicitation' in capabilities) {
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
      asked.push(params as Record<string, unknown>);
      return (await answer?.(params.message)) ?? { action: 'decline' };
    });
  }
  if ('sampling' in capabilities) {
    client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => {
      asked.push(params as Record<string, unknown>);
      return { model: 'test', role: 'assistant', content: { type: 'text', text: 'Tasks last.' } };
    });
  }
  client.setNotificationHandler(TaskStatusNotificationSchema, ({ params }) => {
    pushed.push(`${params.taskId} ${params.status}`);
  });
  const transport = new StreamableHTTPClientTransport(new URL(url), sessionId === undefined ? {} : { sessionId });
  await client.connect((options.transport ?? transport) as Transport);
  return {
    client,
    transport,
    asked,
    pushed,
    async start(name, args = {}, ttl) {
      const params = { name, arguments: args as Record<string, unknown>, task: ttl === undefined ? {} : { ttl } };
      const { task } = await client.request({ method: 'tools/call', params }, CreateTaskResultSchema);
      return task.taskId;
    },
    close: () => client.close(),
  };
}
