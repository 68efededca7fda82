/** The job mappings of the soak's build server. */
export const JOBS = {
  build: {
    start: { tool: 'create_build', id: '/id' },
    status: {
      tool: 'get_build',
      arguments: { id: '{id}' },
      state: '/state',
      message: '/message',
      map: {
        working: ['WORKING'],
        input_required: ['INPUT_REQUIRED'],
        completed: ['COMPLETED'],
        failed: ['FAILED'],
        cancelled: ['CANCELED'],
      },
      missing: 'No such build',
    },
    result: { from: '/log' },
    answer: { tool: 'answer_build', arguments: { id: '{id}', text: '{answer}' } },
    cancel: { tool: 'cancel_build', arguments: { id: '{id}' } },
    list: { tool: 'list_builds', items: '/builds', id: '/id', state: '/state' },
    pollIntervalMs: 500,
  },
} as const;
