import { TaskError } from '@mcp-tasks/client';
import type { LiveSession } from '../live-session.ts';
import type { Act, Command, Message } from '../state/message.ts';

/** Performs the model's command; the outcome returns as a message. */
export function perform(
  live: LiveSession,
  command: Exclude<Command, { kind: 'end' | 'suspend' | 'alert' | 'copy' | 'page' | 'edit' }>,
  dispatch: (message: Message) => void,
): void {
  switch (command.kind) {
    case 'perform': {
      const { act } = command;
      actOn(live, act).then(
        () => dispatch({ kind: 'act-done', act }),
        (error: unknown) => dispatch({ kind: 'act-failed', act, problem: problemOf(error) }),
      );
      return;
    }
    case 'detach':
      live.detach(command.id);
      return;
    case 'follow':
      live.follow(command.id);
      return;
    case 'ask-polling': {
      const { id } = command;
      live.polling(id).then(
        (polling) => dispatch({ kind: 'polling-known', id, polling }),
        () => undefined, // keep showing the record
      );
      return;
    }
    case 'save':
      live.save(command.id).then(
        (text) => dispatch({ kind: 'notice-posted', text, tone: 'plain' }),
        (error: unknown) => dispatch({ kind: 'notice-posted', text: `Not saved: ${problemOf(error)}`, tone: 'bad' }),
      );
      return;
    case 'find-work':
      live.workUnderWay().then(
        (work) => dispatch({ kind: 'work-found', ...work }),
        () => dispatch({ kind: 'work-found', ids: [], isKept: false }),
      );
      return;
    case 'load-tools': {
      const { fingerprint } = command;
      live.tools(fingerprint).then(
        (tools) => dispatch({ kind: 'tools-loaded', fingerprint, tools }),
        (error: unknown) => dispatch({ kind: 'tools-failed', fingerprint, problem: problemOf(error) }),
      );
      return;
    }
  }
}

async function actOn(live: LiveSession, act: Act): Promise<void> {
  switch (act.kind) {
    case 'answer':
      return live.answer(act);
    case 'cancel':
      return live.cancel(act.id);
    case 'adopt':
      return live.adopt(act.id);
    case 'forget':
      return live.forget(act.id);
    case 'call':
      return live.call(act);
    case 'open-url':
      return live.openUrl(act.url);
  }
}

function problemOf(error: unknown): string {
  if (error instanceof TaskError && error.hint !== undefined) return `${error.message}. ${error.hint}`;
  return error instanceof Error ? error.message : String(error);
}
