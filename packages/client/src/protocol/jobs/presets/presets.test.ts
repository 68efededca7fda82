import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../task/json.ts';
import { own } from '../../../task/own.ts';
import { dialect as mcp } from '../../mcp-2025-11-25/dialect.ts';
import { bindMapping } from '../bind-mapping.ts';
import { checkMapping, checkTools } from '../check-mapping.ts';
import { createJobDialect } from '../dialect.ts';
import { presets } from './index.ts';

/** A recorded server: its tools with argument types, and the result of each call. */
interface Fixture {
  readonly server: string;
  readonly job: string;
  /** Arguments and their types; required ones end with `!`. */
  readonly tools: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly args?: JsonObject;
  /** The result of the start tool, and its arguments beside those of the call. */
  readonly start?: { readonly answer: JsonObject; readonly sent?: JsonObject };
  /** The id of a job that was started elsewhere. */
  readonly id?: JsonValue;
  readonly asked: JsonObject;
  readonly states: readonly (readonly [answer: JsonObject, expected: JsonObject | string])[];
  readonly result?: JsonObject;
  readonly cancelled?: JsonObject | null;
}

const json = (value: JsonValue): JsonObject => ({ content: [{ type: 'text', text: JSON.stringify(value, null, 2) }] });
const prose = (text: string, isError = true): JsonObject => ({ content: [{ type: 'text', text }], isError });
const structured = (value: JsonObject): JsonObject => ({ ...json(value), structuredContent: value });

const fixtures: readonly Fixture[] = [
  {
    server: 'exa-search-server',
    job: 'research',
    tools: {
      deep_researcher_start: { 'instructions!': 'string', model: 'string', outputSchema: 'object' },
      deep_researcher_check: { 'researchId!': 'string' },
    },
    start: { answer: json({ success: true, researchId: 'r-1', message: 'Deep research task started' }) },
    asked: { researchId: 'r-1' },
    states: [
      [
        json({ success: true, status: 'running', researchId: 'r-1', message: 'in progress' }),
        { status: 'working', statusMessage: 'in progress' },
      ],
      [
        json({ success: true, status: 'completed', report: '# Report', citations: {} }),
        { status: 'completed', result: { content: [{ type: 'text', text: '# Report' }] } },
      ],
      [
        json({ success: false, status: 'failed', message: 'no luck' }),
        { status: 'failed', error: { code: null, message: 'no luck' } },
      ],
      [json({ status: 'canceled' }), { status: 'cancelled' }],
    ],
    cancelled: null,
  },
  {
    server: 'firecrawl-fastmcp',
    job: 'agent',
    tools: {
      firecrawl_agent: { 'prompt!': 'string', urls: 'array', schema: 'object' },
      firecrawl_agent_status: { 'id!': 'string' },
    },
    start: { answer: json({ success: true, id: 'ag-1' }) },
    asked: { id: 'ag-1' },
    states: [
      [json({ success: true, status: 'processing' }), { status: 'working' }],
      [json({ success: true, status: 'completed', data: { a: 1 } }), { status: 'completed' }],
      [
        json({ success: false, status: 'failed', error: 'no credits' }),
        { status: 'failed', error: { code: null, message: 'no credits' } },
      ],
      [prose('Agent job not found'), 'expired'],
      [prose('429 Too many requests'), 'retry'],
    ],
    cancelled: null,
  },
  {
    server: 'replicate_stainless_api',
    job: 'prediction',
    tools: {
      create_predictions: { input: 'object', version: 'string', Prefer: 'string' },
      get_predictions: { prediction_id: 'string' },
      cancel_predictions: { prediction_id: 'string' },
      list_predictions: { created_after: 'string', created_before: 'string' },
    },
    start: { answer: json({ id: 'p1', status: 'starting', urls: {} }) },
    asked: { prediction_id: 'p1' },
    states: [
      [json({ id: 'p1', status: 'processing', output: null }), { status: 'working' }],
      [
        json({ id: 'p1', status: 'succeeded', output: ['https://x/1.png'] }),
        { status: 'completed', result: { content: [{ type: 'text', text: '["https://x/1.png"]' }] } },
      ],
      [
        json({ id: 'p1', status: 'failed', error: 'NSFW' }),
        { status: 'failed', error: { code: null, message: 'NSFW' } },
      ],
      [json({ id: 'p1', status: 'canceled' }), { status: 'cancelled' }],
      [prose('404 The requested resource could not be found.'), 'expired'],
    ],
    cancelled: { prediction_id: 'p1' },
  },
  {
    server: 'apify-mcp-server',
    job: 'run',
    tools: {
      'call-actor': { 'actor!': 'string', 'input!': 'object', waitSecs: 'integer', callOptions: 'object' },
      'get-actor-run': { 'runId!': 'string', waitSecs: 'integer' },
      'get-dataset-items': { 'datasetId!': 'string', limit: 'integer' },
      'abort-actor-run': { 'runId!': 'string', gracefully: 'boolean' },
    },
    args: { actor: 'apify/x', input: {} },
    start: {
      answer: structured({ runId: 'run1', status: 'RUNNING', summary: 'started' }),
      sent: { actor: 'apify/x', input: {}, waitSecs: 0 },
    },
    asked: { runId: 'run1', waitSecs: 0 },
    states: [
      [
        structured({ runId: 'run1', status: 'RUNNING', summary: '3 pages' }),
        { status: 'working', statusMessage: '3 pages' },
      ],
      [structured({ runId: 'run1', status: 'TIMED-OUT', summary: 'too slow' }), { status: 'failed' }],
      [structured({ runId: 'run1', status: 'ABORTED' }), { status: 'cancelled' }],
      [
        structured({ runId: 'run1', status: 'SUCCEEDED', storages: { datasets: { default: { id: 'ds1' } } } }),
        { status: 'completed' },
      ],
    ],
    result: { datasetId: 'ds1' },
    cancelled: { runId: 'run1' },
  },
  {
    server: 'dbt',
    job: 'job_run',
    tools: {
      trigger_job_run: { 'job_id!': 'integer', 'cause!': 'string' },
      get_job_run_details: { 'run_id!': 'integer' },
      cancel_job_run: { 'run_id!': 'integer' },
    },
    start: { answer: structured({ id: 70403103, status: 1 }) },
    asked: { run_id: 70403103 },
    states: [
      [structured({ id: 70403103, status: 3, status_message: null }), { status: 'working', statusMessage: '3' }],
      [structured({ id: 70403103, status: 10 }), { status: 'completed' }],
      [
        structured({ id: 70403103, status: 20, status_message: 'model x failed' }),
        { status: 'failed', error: { code: null, message: 'model x failed' } },
      ],
      [structured({ id: 70403103, status: 30 }), { status: 'cancelled' }],
    ],
    cancelled: { run_id: 70403103 },
  },
  {
    server: 'buildkite-mcp-server',
    job: 'build',
    tools: {
      create_build: {
        'org_slug!': 'string',
        'pipeline_slug!': 'string',
        'commit!': 'string',
        'branch!': 'string',
        'message!': 'string',
      },
      get_build: { 'org_slug!': 'string', 'pipeline_slug!': 'string', 'build_number!': 'string' },
      cancel_build: { 'org_slug!': 'string', 'pipeline_slug!': 'string', 'build_number!': 'string' },
    },
    args: { org_slug: 'acme', pipeline_slug: 'web', commit: 'HEAD', branch: 'main', message: 'x' },
    start: { answer: json({ id: 'uuid', number: 3, state: 'scheduled' }) },
    asked: { org_slug: 'acme', pipeline_slug: 'web', build_number: '3' },
    states: [
      [json({ number: 3, state: 'running', message: 'x' }), { status: 'working' }],
      [json({ number: 3, state: 'blocked' }), { status: 'input_required', inputRequests: {} }],
      [json({ number: 3, state: 'passed' }), { status: 'completed' }],
      [json({ number: 3, state: 'not_run' }), { status: 'failed' }],
      [json({ number: 3, state: 'skipped' }), { status: 'cancelled' }],
      [json({ number: 3, state: 'waiting_on_moon' }), { status: 'working', statusMessage: 'waiting_on_moon' }],
    ],
    cancelled: { org_slug: 'acme', pipeline_slug: 'web', build_number: '3' },
  },
  {
    server: 'github-mcp-server',
    job: 'workflow_run',
    tools: {
      actions_get: { 'method!': 'string', 'owner!': 'string', 'repo!': 'string', 'resource_id!': 'string' },
      actions_run_trigger: {
        'method!': 'string',
        'owner!': 'string',
        'repo!': 'string',
        run_id: 'number',
        workflow_id: 'string',
      },
    },
    args: { owner: 'acme', repo: 'web' },
    id: '17171717',
    asked: { method: 'get_workflow_run', owner: 'acme', repo: 'web', resource_id: '17171717' },
    states: [
      [json({ id: 17171717, status: 'in_progress', conclusion: null }), { status: 'working' }],
      [json({ id: 17171717, status: 'completed', conclusion: 'success' }), { status: 'completed' }],
      [
        json({ id: 17171717, status: 'completed', conclusion: 'failure' }),
        { status: 'failed', error: { code: null, message: 'failure' } },
      ],
      [json({ id: 17171717, status: 'completed', conclusion: 'cancelled' }), { status: 'cancelled' }],
      [json({ id: 17171717, status: 'waiting', conclusion: null }), { status: 'input_required' }],
    ],
    cancelled: { method: 'cancel_workflow_run', owner: 'acme', repo: 'web', run_id: 17171717 },
  },
  {
    server: 'Atlassian MCP',
    job: 'issue',
    tools: {
      jira_create_issue: { 'project_key!': 'string', 'summary!': 'string', 'issue_type!': 'string' },
      jira_get_issue: { 'issue_key!': 'string', fields: 'string' },
      jira_search: { 'jql!': 'string', limit: 'integer' },
    },
    start: {
      // FastMCP wraps a text result of a tool.
      answer: {
        ...json({}),
        structuredContent: { result: JSON.stringify({ message: 'Issue created', issue: { key: 'PROJ-1' } }) },
      },
    },
    asked: { issue_key: 'PROJ-1' },
    states: [
      [
        json({ key: 'PROJ-1', status: { name: 'In Review', category: 'In Progress' } }),
        { status: 'working', statusMessage: 'In Review' },
      ],
      [json({ key: 'PROJ-1', status: { name: 'Shipped', category: 'Done' } }), { status: 'completed' }],
      [prose('Issue does not exist or you do not have permission to see it.'), 'expired'],
    ],
    cancelled: null,
  },
  {
    server: 'linear',
    job: 'issue',
    tools: {
      linear_createIssue: { 'title!': 'string', 'teamId!': 'string' },
      linear_getIssueById: { 'id!': 'string' },
    },
    start: { answer: json({ id: 'u-1', identifier: 'ENG-1', title: 'x' }) },
    asked: { id: 'u-1' },
    states: [
      [
        json({ identifier: 'ENG-1', state: { name: 'Review', type: 'started' } }),
        { status: 'working', statusMessage: 'Review' },
      ],
      [json({ identifier: 'ENG-1', state: { name: 'Live', type: 'completed' } }), { status: 'completed' }],
      [json({ identifier: 'ENG-1', state: { name: 'No', type: 'canceled' } }), { status: 'cancelled' }],
      [prose('Error: Issue with ID u-1 not found'), 'expired'],
    ],
    cancelled: null,
  },
  {
    server: 'task-manager-server',
    job: 'item',
    tools: {
      open_task_details: { 'taskId!': 'string' },
      approve_task_completion: { 'requestId!': 'string', 'taskId!': 'string' },
    },
    id: 'task-1',
    asked: { taskId: 'task-1' },
    states: [
      [
        json({
          status: 'task_details',
          requestId: 'req-1',
          task: { id: 'task-1', title: 'Ship', done: false, approved: false },
        }),
        { status: 'working', statusMessage: 'Ship' },
      ],
      [
        json({
          status: 'task_details',
          requestId: 'req-1',
          task: { id: 'task-1', title: 'Ship', done: true, approved: false },
        }),
        { status: 'input_required', carried: { '/requestId': 'req-1' } },
      ],
      [
        json({
          status: 'task_details',
          requestId: 'req-1',
          task: { id: 'task-1', title: 'Ship', done: true, approved: true },
        }),
        { status: 'completed' },
      ],
      [json({ status: 'task_not_found', message: 'No such task found' }), 'expired'],
    ],
    cancelled: null,
  },
  {
    server: 'Shrimp Task Manager',
    job: 'task',
    tools: { get_task_detail: { 'taskId!': 'string' } },
    id: 't-1',
    asked: { taskId: 't-1' },
    states: [
      [
        prose('## Complete Task Details\n\n### Write notes\n\n**ID:** `t-1`\n\n**Status:** in_progress\n', false),
        { status: 'working', statusMessage: 'Write notes' },
      ],
      [prose('### Write notes\n\n**Status:** completed\n', false), { status: 'completed' }],
      [prose('## 錯誤\n\n找不到ID為 `t-1` 的任務。請確認任務ID是否正確。'), 'expired'],
    ],
    cancelled: null,
  },
];

function toolsOf({ tools }: Fixture): readonly JsonObject[] {
  return Object.entries(tools).map(([name, args]) => ({
    name,
    inputSchema: {
      type: 'object',
      properties: Object.fromEntries(Object.entries(args).map(([key, type]) => [key.replace('!', ''), { type }])),
      required: Object.keys(args).flatMap((key) => (key.endsWith('!') ? [key.slice(0, -1)] : [])),
      additionalProperties: false,
    },
  }));
}

describe.each(fixtures.map((fixture) => [`${fixture.server} ${fixture.job}`, fixture] as const))('%s', (_, fixture) => {
  const preset = own(own(presets, fixture.server), fixture.job);
  if (preset === undefined) throw new Error('no such preset');
  const tools = toolsOf(fixture);
  const dialect = createJobDialect(bindMapping(preset, tools), mcp);
  const call = { id: 'a1', name: fixture.job, arguments: fixture.args ?? {}, asTask: false };

  function taskId(): string {
    if (fixture.start === undefined) return JSON.stringify([fixture.job, fixture.id, fixture.args ?? {}]);
    const decoded = dialect.decodeCall(fixture.start.answer, call);
    if (decoded.kind === 'invalid' || decoded.value.kind !== 'task') throw new Error('it began no job');
    return decoded.value.snapshot.taskId;
  }

  const ref = () => ({ id: 'a1', taskId: taskId(), arguments: fixture.args ?? {}, answers: [] });

  test('the mapping fits the tools of the server', () => {
    expect([...checkMapping(preset), ...checkTools(preset, tools)]).toEqual([]);
  });

  test('start, status and cancel are sent with the arguments of their tools', () => {
    if (fixture.start?.sent !== undefined) expect(dialect.call(call).params.arguments).toEqual(fixture.start.sent);
    expect(dialect.get(ref()).params).toEqual({ name: preset.status.tool, arguments: fixture.asked });
    expect(dialect.cancel(ref())?.params.arguments ?? null).toEqual(fixture.cancelled);
  });

  test.each(fixture.states)('the status %j is read', (answer, expected) => {
    const decoded = dialect.decodeTask(answer, ref());
    if (typeof expected === 'string') expect(decoded).toMatchObject({ kind: 'invalid', verdict: expected });
    else expect(decoded).toMatchObject({ kind: 'value', value: expected });
  });

  test('the result is requested with the arguments of the result tool', () => {
    const last = dialect.decodeTask(
      fixture.states.findLast(([, expected]) => typeof expected !== 'string')?.[0] ?? {},
      ref(),
    );
    const carried = last.kind === 'value' ? last.value.carried : undefined;
    const apart = dialect.traits.resultApart ? dialect.result?.({ ...ref(), carried }).params.arguments : undefined;
    expect(apart).toEqual(fixture.result);
  });
});

test('every built-in mapping is valid by itself, and trusted', () => {
  for (const [, jobs] of Object.entries(presets)) {
    for (const [, mapping] of Object.entries(jobs)) {
      expect(checkMapping(mapping)).toEqual([]);
      expect(mapping.trusted).toBe(true);
    }
  }
});
