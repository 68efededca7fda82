import type { FollowedTask, Question, TaskUpdate } from '@mcp-tasks/client';

export interface OpenQuestion {
  readonly handle: FollowedTask;
  readonly question: Question;
  /** Aborted when the question is withdrawn or the task ends. */
  readonly signal: AbortSignal;
}

/** The person at the terminal. */
export interface PersonToAsk {
  /** Shows one question and sends the decision. `left` means Ctrl-C: nothing was sent. */
  ask(open: OpenQuestion): Promise<'answered' | 'later' | 'left'>;
  /** Resolves to true when the person presses Enter outside of a form, to false when they leave or at the abort. */
  pressEnter(signal: AbortSignal): Promise<boolean>;
}

export interface QuestionQueue {
  onUpdate(update: TaskUpdate): void;
  end(): void;
  idle(): Promise<void>;
}

interface Waiting {
  readonly question: Question;
  readonly withdrawn: AbortController;
}

/**
 * Queues open questions and shows one at a time; a withdrawn question is skipped. One that was put off is shown again
 * when the person presses Enter.
 */
export function createQuestionQueue(handle: FollowedTask, person: PersonToAsk, leave: () => void): QuestionQueue {
  const open = new Map<string, Waiting>();
  const postponed: Waiting[] = [];
  const over = new AbortController();
  let line: Promise<void> = Promise.resolve();

  function show(waiting: Waiting): void {
    const { question, withdrawn } = waiting;
    const { signal } = withdrawn;
    line = line.then(async () => {
      if (signal.aborted) return;
      const what = await person.ask({ handle, question, signal });
      if (what === 'left') leave();
      else if (what === 'later' && !signal.aborted) showAgainOnEnter(waiting);
      else if (open.get(question.key) === waiting) open.delete(question.key);
    });
  }

  function showAgainOnEnter(waiting: Waiting): void {
    postponed.push(waiting);
    if (postponed.length > 1) return; // the first one listens for Enter
    void person.pressEnter(over.signal).then((isPressed) => {
      if (isPressed) for (const each of postponed.splice(0)) show(each);
    });
  }

  function add(question: Question): void {
    if (over.signal.aborted || open.has(question.key)) return;
    const waiting = { question, withdrawn: new AbortController() };
    open.set(question.key, waiting);
    show(waiting);
  }

  return {
    onUpdate(update) {
      if (update.kind === 'question') add(update.question);
      if (update.kind === 'question-withdrawn') {
        open.get(update.key)?.withdrawn.abort();
        open.delete(update.key);
      }
    },
    end() {
      over.abort();
      for (const { withdrawn } of open.values()) withdrawn.abort();
    },
    idle: () => line,
  };
}
