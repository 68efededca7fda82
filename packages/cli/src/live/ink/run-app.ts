import type { Model } from '../state/model.ts';
import type { AppEnd, AppOptions } from './app-options.ts';
import { AppRun } from './app-run.ts';
import { layoutReady } from './yoga.ts';

/** Runs the view until it ends. All other parts are pure, or passed in as ports. */
export async function runApp(start: Model, options: AppOptions): Promise<AppEnd> {
  await layoutReady;
  return new Promise((resolve, reject) => new AppRun(start, options, { resolve, reject }).begin());
}
