import type { JobMappings } from '../mapping.ts';

/** buildkite-mcp-server: three arguments form the id, and the number is sent back as a text. */
export const buildkite: JobMappings = {
  build: {
    start: { tool: 'create_build', id: '/number' },
    status: {
      tool: 'get_build',
      arguments: {
        org_slug: '{args.org_slug}',
        pipeline_slug: '{args.pipeline_slug}',
        build_number: '{id:string}',
      },
      state: '/state',
      message: '/message',
      map: {
        working: ['creating', 'scheduled', 'running', 'failing', 'canceling'],
        input_required: ['blocked'],
        completed: ['passed'],
        failed: ['failed', 'not_run'],
        cancelled: ['canceled', 'skipped'],
      },
      missing: '404|[Nn]ot [Ff]ound',
    },
    cancel: {
      tool: 'cancel_build',
      arguments: {
        org_slug: '{args.org_slug}',
        pipeline_slug: '{args.pipeline_slug}',
        build_number: '{id:string}',
      },
    },
    trusted: true,
  },
};

/** github-mcp-server has no `start`: the tool that starts a run returns no id. A run is followed by a given id. */
export const github: JobMappings = {
  workflow_run: {
    description: 'A workflow run of GitHub Actions',
    status: {
      tool: 'actions_get',
      arguments: {
        method: 'get_workflow_run',
        owner: '{args.owner}',
        repo: '{args.repo}',
        resource_id: '{id:string}',
      },
      state: '/status',
      error: '/conclusion',
      map: {
        completed: [{ '/conclusion': ['success', 'neutral', 'skipped'] }],
        failed: [{ '/conclusion': ['failure', 'timed_out', 'startup_failure', 'stale'] }],
        cancelled: [{ '/conclusion': 'cancelled' }],
        input_required: ['waiting', { '/conclusion': 'action_required' }],
        working: ['queued', 'in_progress', 'requested', 'pending'],
      },
      missing: '404|[Nn]ot [Ff]ound',
    },
    cancel: {
      tool: 'actions_run_trigger',
      arguments: {
        method: 'cancel_workflow_run',
        owner: '{args.owner}',
        repo: '{args.repo}',
        run_id: '{id:number}',
      },
    },
    trusted: true,
  },
};
