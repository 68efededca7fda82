import { TaskError } from '@mcp-tasks/client';
import type { Desk } from '../live-session.ts';
import type { Act, Command, Message } from '../state/message.ts';

/** Performs the model's command; the outcome returns as a message. */
export function perform(
  desk: Desk,
  command: Exclude<Command, { kind: 'end' | 'suspend' | 'alert' | 'copy' | 'page' | 'edit' }>,
  dispatch: (message: Message) => void,
): void {
  switch (command.kind) {
    case 'perform': {
      const { act } = command;
      actOn(desk, act).then(
        () => dispatch({ kind: 'act-done', act }),
        (error: unknown) => dispatch({ kind: 'act-failed', act, problem: problemOf(error) }),
      );
      return;
    }
    case 'detach':
      desk.detach(command.id);
      return;
    case 'follow':
      desk.follow(command.id);
      return;
    case 'ask-polling': {
      const { id } = command;
      desk.polling(id).then(
        (polling) => dispatch({ kind: 'polling-known', id, polling }),
        () => undefined, // keep showing the record
      );
      return;
    }
    case 'save':
      desk.save(command.id).then(
        (text) => dispatch({ kind: 'told', text, tone: 'plain' }),
        (error: unknown) => dispatch({ kind: 'told', text: `Not saved: ${problemOf(error)}`, tone: 'bad' }),
      );
      return;
    case 'find-work':
      desk.workUnderWay().then(
        (work) => dispatch({ kind: 'work-found', ...work }),
        () => dispatch({ kind: 'work-found', ids: [], isKept: false }),
      );
      return;
    case 'load-tools': {
      const { fingerprint } = command;
      desk.tools(fingerprint).then(
        (tools) => dispatch({ kind: 'tools-loaded', fingerprint, tools }),
        (error: unknown) => dispatch({ kind: 'tools-failed', fingerprint, problem: problemOf(error) }),
      );
      return;
    }
  }
}

async function actOn(desk: Desk, act: Act): Promise<void> {
  switch (act.kind) {
    case 'answer':
      return desk.answer(act);
    case 'cancel':
      return desk.cancel(act.id);
    case 'adopt':
      return desk.adopt(act.id);
    case 'forget':
      return desk.forget(act.id);
    case 'call':
      return desk.call(act);
    case 'open-url':
      return desk.openUrl(act.url);
  }
}

function problemOf(error: unknown): string {
  if (error instanceof TaskError && error.hint !== undefined) return `${error.message}. ${error.hint}`;
  return error instanceof Error ? error.message : String(error);
}
