import type { TaskRecord } from '@mcp-tasks/client';
import { endsWithServer, withServerStopped } from '../../session/work-of-children.ts';
import type { WorkUnderWay } from '../live-session.ts';
import type { Step } from './message.ts';
import type { Model } from './model.ts';

type Reason = 'quit' | 'interrupted';

/** Exits at once if the exit affects no work; otherwise first finds the running work at stdio servers. */
export function leave(model: Model, reason: Reason): Step<Model> {
  if (model.overlay?.kind === 'leaving') return leaveAgain(model, reason);
  const affectsWork = [...model.records.values()].some(
    (record) => model.servers.has(record.server.fingerprint) && endsWithServer(record),
  );
  if (!affectsWork) return [model, [{ kind: 'end', reason }]];
  return [{ ...model, leavesAt: null, overlay: { kind: 'leaving', reason, work: null } }, [{ kind: 'find-work' }]];
}

/** A second Ctrl-C: kept work continues, and children of this process end. */
function leaveAgain(model: Model, reason: Reason): Step<Model> {
  return isKeptWork(model) ? leaveRunning(model, reason) : stopAndLeave(model, reason);
}

export function onWorkFound(model: Model, work: WorkUnderWay): Step<Model> {
  const { overlay } = model;
  if (overlay?.kind !== 'leaving') return [model, []];
  return exitIfSettled({ ...model, overlay: { ...overlay, work } });
}

/** Exits as the person asked once all affected work has settled. */
export function exitIfSettled(model: Model): Step<Model> {
  const { overlay } = model;
  if (overlay?.kind !== 'leaving' || overlay.work === null || affectedWork(model).length > 0) return [model, []];
  return [{ ...model, overlay: null }, [{ kind: 'end', reason: overlay.reason }]];
}

/** Exits and leaves the work to its keepers. */
export function leaveRunning(model: Model, reason?: Reason): Step<Model> {
  const { overlay } = model;
  if (overlay?.kind !== 'leaving') return [model, []];
  return [{ ...model, overlay: null }, [{ kind: 'end', reason: reason ?? overlay.reason }]];
}

/** Shows the records as they will be saved, so that the final screen agrees with later commands. */
export function stopAndLeave(model: Model, reason?: Reason): Step<Model> {
  const { overlay } = model;
  if (overlay?.kind !== 'leaving') return [model, []];
  const records = new Map(model.records);
  for (const record of affectedWork(model)) records.set(record.id, withServerStopped(record, model.now));
  const stops = isKeptWork(model) ? ({ stops: true } as const) : {};
  return [{ ...model, records, overlay: null }, [{ kind: 'end', reason: reason ?? overlay.reason, ...stops }]];
}

/** True if keepers can continue the work. */
export function isKeptWork({ overlay }: Model): boolean {
  return overlay?.kind === 'leaving' && overlay.work?.isKept === true;
}

/** The affected work that has not settled yet. */
export function affectedWork({ overlay, records }: Model): readonly TaskRecord[] {
  if (overlay?.kind !== 'leaving') return [];
  return (overlay.work?.ids ?? []).flatMap((id) => records.get(id) ?? []).filter(endsWithServer);
}
