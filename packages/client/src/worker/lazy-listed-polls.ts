import type { Clock } from '../clock.ts';
import type { ListedPolls } from './listed-polls.ts';

/**
 * Polls by lists, loaded with the first task whose protocol has them: most programs have none. Until then, and if
 * loading fails, each task is polled alone.
 */
export function lazyListedPolls(clock: Clock): ListedPolls {
  let loaded: ListedPolls | undefined;
  let isLoading = false;

  async function load(): Promise<void> {
    isLoading = true;
    const { createListedPolls } = await import('./listed-polls.ts');
    loaded = createListedPolls(clock);
  }

  return {
    sort(task) {
      if (task.dialect.listedPolls === undefined) return;
      if (!isLoading) void load().catch(() => undefined);
      loaded?.sort(task);
    },
    read: (task, send) => loaded?.read(task, send),
  };
}
