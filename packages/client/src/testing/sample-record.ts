import { RECORD_VERSION, type TaskRecord } from '../task/record.ts';

/** The record of a first call, with overrides. */
export function sampleRecord(over: Partial<TaskRecord> & { readonly id: string }): TaskRecord {
  return {
    version: RECORD_VERSION,
    server: { fingerprint: 'server-a', label: 'a.example', target: { kind: 'url', url: 'https://a.example/mcp' } },
    revision: '2026-07-28',
    taskId: null,
    method: 'tools/call',
    tool: 'deploy',
    arguments: { env: 'staging' },
    phase: 'open',
    status: 'working',
    createdAt: 1_000,
    updatedAt: 1_000,
    observedAt: 1_000,
    inputRequests: {},
    ledger: {},
    history: [],
    outcome: null,
    ...over,
  };
}
