import type { JobMapping, JobMappings } from '../mapping.ts';

const prediction: Pick<JobMapping, 'status' | 'result' | 'cancel' | 'pollIntervalMs' | 'trusted'> = {
  status: {
    tool: 'get_predictions',
    arguments: { prediction_id: '{id}' },
    state: '/status',
    error: '/error',
    map: {
      working: ['starting', 'processing'],
      completed: ['succeeded'],
      failed: ['failed'],
      cancelled: ['canceled', 'aborted'],
    },
    missing: '404|[Nn]ot [Ff]ound',
  },
  result: { from: '/output' },
  cancel: { tool: 'cancel_predictions', arguments: { prediction_id: '{id}' } },
  pollIntervalMs: 5_000,
  trusted: true,
};

/** replicate-mcp 0.9: outputs are deleted an hour after the end; the record keeps them. */
export const replicate: JobMappings = {
  prediction: {
    ...prediction,
    start: { tool: 'create_predictions', id: '/id' },
    list: { tool: 'list_predictions', items: '/results', id: '/id', state: '/status', title: '/model' },
  },
  model_prediction: { ...prediction, start: { tool: 'create_models_predictions', id: '/id' } },
};

/** @apify/actors-mcp-server 0.10: the call does not wait for the run, since its record is polled. */
export const apify: JobMappings = {
  run: {
    start: { tool: 'call-actor', id: '/runId', arguments: { waitSecs: 0 } },
    status: {
      tool: 'get-actor-run',
      arguments: { runId: '{id}', waitSecs: 0 },
      state: '/status',
      message: '/summary',
      map: {
        working: ['READY', 'RUNNING', 'TIMING-OUT', 'ABORTING'],
        completed: ['SUCCEEDED'],
        failed: ['FAILED', 'TIMED-OUT'],
        cancelled: ['ABORTED'],
      },
      missing: '[Nn]ot [Ff]ound',
    },
    result: { tool: 'get-dataset-items', arguments: { datasetId: '{status./storages/datasets/default/id}' } },
    cancel: { tool: 'abort-actor-run', arguments: { runId: '{id}' } },
    trusted: true,
  },
};

/** dbt-mcp: states are numbers. */
export const dbt: JobMappings = {
  job_run: {
    start: { tool: 'trigger_job_run', id: '/id' },
    status: {
      tool: 'get_job_run_details',
      arguments: { run_id: '{id}' },
      state: '/status',
      message: '/status_message',
      map: { working: [1, 2, 3], completed: [10], failed: [20], cancelled: [30] },
      missing: '404|[Nn]ot [Ff]ound',
    },
    cancel: { tool: 'cancel_job_run', arguments: { run_id: '{id}' } },
    trusted: true,
  },
};
