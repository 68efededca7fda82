import type { TaskRecord } from '@mcp-tasks/client';
import { endsWithServer, withServerStopped } from '../../session/work-of-children.ts';
import type { WorkUnderWay } from '../live-session.ts';
import type { Step } from './message.ts';
import type { Model } from './model.ts';

type Reason = 'quit' | 'interrupted';

/** Leaves at once where no work is concerned, and asks what becomes of work at servers over stdio. */
export function leave(model: Model, reason: Reason): Step<Model> {
  if (model.overlay?.kind === 'leaving') return leaveAgain(model, reason);
  const mayLose = [...model.records.values()].some(
    (record) => model.servers.has(record.server.fingerprint) && endsWithServer(record),
  );
  if (!mayLose) return [model, [{ kind: 'end', reason }]];
  return [{ ...model, leavesAt: null, overlay: { kind: 'leaving', reason, work: null } }, [{ kind: 'find-work' }]];
}

/** A person in a hurry: what is kept goes on, and what is a child of this process ends with it. */
function leaveAgain(model: Model, reason: Reason): Step<Model> {
  return isKeptWork(model) ? leaveRunning(model, reason) : stopAndLeave(model, reason);
}

export function onWorkFound(model: Model, work: WorkUnderWay): Step<Model> {
  const { overlay } = model;
  if (overlay?.kind !== 'leaving') return [model, []];
  return leaveIfFree({ ...model, overlay: { ...overlay, work } });
}

/** Nothing of it is under way any more: the person goes, as they wished to. */
export function leaveIfFree(model: Model): Step<Model> {
  const { overlay } = model;
  if (overlay?.kind !== 'leaving' || overlay.work === null || workAtStake(model).length > 0) return [model, []];
  return [{ ...model, overlay: null }, [{ kind: 'end', reason: overlay.reason }]];
}

/** The keepers go on with it. */
export function leaveRunning(model: Model, reason?: Reason): Step<Model> {
  const { overlay } = model;
  if (overlay?.kind !== 'leaving') return [model, []];
  return [{ ...model, overlay: null }, [{ kind: 'end', reason: reason ?? overlay.reason }]];
}

/** The records are shown as they will be written: what is left on the screen is what every command says. */
export function stopAndLeave(model: Model, reason?: Reason): Step<Model> {
  const { overlay } = model;
  if (overlay?.kind !== 'leaving') return [model, []];
  const records = new Map(model.records);
  for (const record of workAtStake(model)) records.set(record.id, withServerStopped(record, model.now));
  const stops = isKeptWork(model) ? ({ stops: true } as const) : {};
  return [{ ...model, records, overlay: null }, [{ kind: 'end', reason: reason ?? overlay.reason, ...stops }]];
}

/** Whether the work may be left running. */
export function isKeptWork({ overlay }: Model): boolean {
  return overlay?.kind === 'leaving' && overlay.work?.isKept === true;
}

/** The work that leaving concerns, as long as it is under way. */
export function workAtStake({ overlay, records }: Model): readonly TaskRecord[] {
  if (overlay?.kind !== 'leaving') return [];
  return (overlay.work?.ids ?? []).flatMap((id) => records.get(id) ?? []).filter(endsWithServer);
}
