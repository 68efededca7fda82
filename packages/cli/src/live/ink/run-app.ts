import type { Model } from '../state/model.ts';
import type { AppEnd, AppOptions } from './app-options.ts';
import { AppRun } from './app-run.ts';

/** Shows the model until it ends. Everything but the view itself is pure or a port. */
export function runApp(start: Model, options: AppOptions): Promise<AppEnd> {
  return new Promise((resolve, reject) => new AppRun(start, options, { resolve, reject }).begin());
}
