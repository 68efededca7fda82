/** Promises of a task client, one per line; each test names the lines it keeps. */
export const scenarios = {
  // Creating
  C1: 'An immediate result: no poll, exit 0. A seed that is already `completed`: exactly one `tasks/get`, then the result.',
  C2: '`kill -9` after the server answered with a task and before the first poll: the next run lists and resumes it.',
  C3: 'The line drops after `tools/call` was sent and before an answer: record `unknown: may have run`, call count 1, exit 8. (Others re-send or forget.)',
  C4: 'Ctrl-C while `tools/call` is in flight and the answer arrives late with a task: the record is there, the task is not cancelled.',
  C5: 'A task whose creation answer lacks `ttlMs`, has extra fields, nests its `task`, or starts as `input_required`: the id is kept and polling goes on. (ext-tasks throws and loses the id.)',
  C6: 'Questions before creation (`input_required` on `tools/call`, several rounds, `requestState` echoed byte for byte), then a task that asks under the same key name: asked again, the two phases are separate.',
  C7: 'A task answer to a request that may not have one, or without our opt-in: a typed error, the id shown, never an empty success. (go-sdk decodes it as success.)',
  C8: '2025-11-25 `required` called plainly (`-32601` or `-32600`), `forbidden`, no capability, a server that ignores `task`: each does the right thing.',

  // Polling
  P1: 'The first poll waits for the hint of the creation answer; later polls follow the newest hint, up or down. (VS Code keeps the first.)',
  P2: 'Hints absent, 0, -5, 1.5, `null`, `"500"`, 1e12, 2^31, seconds in a millisecond field: no busy loop, no overflow (Node turns a timer over 2^31-1 into 1 ms), no failed task. (ext-tasks: 95 polls a second, or `failed`.)',
  P3: "A user minimum below the server's hint never speeds polling up; tasks with 500 ms and 30 s keep their own clocks.",
  P4: 'ECONNRESET, a 30 s hang, 502, 503, 429 with `Retry-After: 7` (seconds and date forms): polling continues with backoff, Retry-After is a floor, the count resets on success, the task completes. (ext-tasks, C#, FastMCP, mcpc: the task is over.)',
  P5: 'Five failures in a row: `unreachable`, exit 4, record kept; watching again later works.',
  P6: '401 in the middle: refresh and retry the poll, call count 1; no refresh possible: `auth_required`, exit 3, record kept.',
  P7: '`tasks/get` answers: `-32603` retry; `-32602` expired; `-32601` stop, keep the record, say the server no longer supports tasks; `-32021` / `-32003` our envelope is wrong; `-32020` our header is wrong.',
  P8: '`-32602` from update or cancel: confirmed by one `tasks/get` before anything is declared expired.',
  P9: 'Wrong task id in an answer; a snapshot older than the last; a snapshot after a terminal one: dropped.',
  P10: 'Unknown status; `completed` without result; `failed` without error: shown once with its body, no fake success, no endless silent poll.',
  P11: 'A server that says `working` for ever: `--timeout` ends the wait (exit 7), the task is not cancelled, the record stays; `lastUpdatedAt` that does not move is shown as "no change for …".',
  P12: 'The clock jumps an hour either way; the machine sleeps eight hours: no false expiry, one poll on waking.',
  P13: '500 tasks on one server: never more requests in flight than the limit, not in lockstep, no listener warnings, memory flat over time.',

  // Time to live
  T1: 'Past `createdAt + ttlMs` while the server still says `working`: keep polling, say so; a later `completed` is delivered.',
  T2: 'ttl raised, lowered, `null`, 0, 30 days: the newest counts, nothing expires by itself.',
  T3: 'Server clock ten minutes off: nothing expires wrongly, the countdown says it is an estimate.',
  T4: 'Expired while we were away: `expired`, with when; a result seen before is still printed.',

  // Questions
  Q1: 'The same key in ten polls, and after a restart: asked once, answered once.',
  Q2: 'Answer acknowledged, key still listed: not re-sent, not re-asked; after a while "answered, the server has not moved", resend offered.',
  Q3: 'The update fails in transit: the same answer is re-sent under the same key, the person is not asked again, also across `kill -9`. (ext-tasks loses the answer.)',
  Q4: 'A key that returns with another question: refused, both shown.',
  Q5: 'Two keys, one answered; a new key while a form is open; the task ends while a form is open (the form is withdrawn, a late answer is not sent).',
  Q6: 'A person thinks for thirty minutes: polling goes on, expiry and outside changes are seen. (ext-tasks stops polling.)',
  Q7: 'No TTY: nothing is answered, declined or cancelled; exit 6, the questions in words and the `answer` command to run on stderr (with `--json` the document on stdout); `answer` from another process finishes the job. (mcpdo cancels, MCPJam declines.)',
  Q8: 'Sampling or roots we cannot serve; empty `inputRequests`: told per key, the rest answerable, bounded.',
  Q9: 'Every field type of a form: string with formats and lengths, number, integer, boolean, single and multiple choice (plain and titled), defaults, required; wrong input is explained at the field.',
  Q10: 'URL mode: whole URL, host apart, nothing opened unasked.',
  Q11: 'Escape sequences, OSC links, bidi overrides, 1 MB messages in any text of the server: harmless in the terminal, intact in `--json`.',
  Q12: 'Ctrl-C at a prompt: nothing is sent, exit 130. (mcpdo sends `cancel`.)',
  Q13: '2025-11-25: the question arrives on the `tasks/result` stream and is answered there (ext-tasks hangs); an answer given in another process reaches it through the record; with no such process alive, a clear refusal.',

  // Leaving
  L1: 'Ctrl-C while waiting: detach, id and next command printed, exit 130, server untouched; a second Ctrl-C ends at once.',
  L2: '`cancel` acknowledged and the task completes anyway: `completed` with its result. Never painted cancelled before the server says so.',
  L3: '`cancel` on a finished 2025-11-25 task: "already finished", not "unknown".',
  L4: 'Cancel during a poll and during a prompt: both released, no unhandled rejection, no live timer, the process ends.',
  L5: '`close()`, `await using`, process exit: never a `tasks/cancel`. (ext-tasks cancels.)',

  // Results
  R1: '`completed` + `isError`: payload intact, exit 5. `failed`: code, message, data, statusMessage kept, exit 1. 2025-11-25 `failed`: payload from `tasks/result` kept.',
  R2: '2025-11-25: completed but the result fetch fails: "completed, result not fetched", fetched later; never `statusMessage` as the result. (mcpc does.)',
  R3: '20 MB results, binary content, structured content, resource links: stdout and store intact, `--json` is one document.',

  // Many processes
  M1: 'Two processes follow one task: one polls and asks at a time, both see it finish; the holder is killed: the other takes over within the lease.',
  M2: 'The same id on two servers, two revisions, two accounts: separate records.',
  M3: 'The server behind a record changed (other fingerprint, other revision): resuming refuses with the reason.',
  M4: 'A store from a newer version: read-only refusal, untouched. A corrupt store: said plainly, moved aside, never silently emptied.',
  M5: 'Disk full, read-only home: the call goes on and says loudly that this task is not saved.',

  // Transport
  X1: 'A stdio server dies with tasks open: said, restarted once, tasks that survived are followed on; no respawn loop.',
  X4: '2025-11-25 over HTTP: another process resumes within the same session; leaving never ends a session with open tasks; a session the server has forgotten is `expired`, said as such.',
  X5: 'stdio and `--detach`: the holder finishes the task after we are gone, an answer from another terminal reaches it, it ends when nothing is open, it survives a closed terminal (SIGHUP), and `kill -9` of it is noticed.',
  X2: 'A push stream that is refused, honours only some ids, drops, repeats, or arrives before the creation answer: polling covers it, merging is idempotent.',
  X3: 'Garbage on stdout of a stdio server, half a JSON line, a 100 MB line, invalid JSON-RPC over HTTP, an HTML error page: one clear error naming the server, no crash.',

  // Stores and owners
  O1: 'A process loses its store (throws, hangs, is cut off) while another has it: from the moment its ownership may have ended it sends nothing and writes nothing; the other takes over; each poll, answer and cancel once.',
  O2: 'A process is stopped (SIGSTOP, a laptop lid) past its ownership and goes on: the same.',
  O3: 'A connection has ended and its client is still open: it owns nothing any more; another process with a good line answers and finishes.',
  O4: 'The store\'s directory is deleted or replaced while running: said at once, nothing is "recorded" into an unlinked file.',
  O5: 'A record of a newer version, an unknown target kind or protocol, one unreadable row: named and skipped in lists, refused alone, untouched.',
  O6: 'Two processes start the same key at the same instant: one call.',
  O7: '10,000 open tasks: the figures that docs/performance.md states.',

  // Trust
  S1: "Shell completion, printed commands, `--exec` and its environment: nothing that a server or a project's file chose can become shell code, also after Tab and Enter, and after pasting a printed command.",
  S2: "A project's file starts no program and gets no variable before it is confirmed; listing commands connect to nothing of it.",
  S3: 'The sign-in listener answers 400 to what it cannot parse, takes only GET of its own path and state, closes when nobody waits; "signed in" is said when there are tokens.',
  S4: 'Patterns and schemas of a server cannot hold the event loop: matching in linear time or refused, compiled within a budget with `$ref` followed; Ctrl-C always works.',
  S9: 'Values of variables are in no error text, table or record. A state directory that others can write is refused.',
  S5: 'Any answer up to the size limit is decoded within 1.2 × `JSON.parse`; a million questions or tools are refused by count; `--timeout` and Ctrl-C hold meanwhile.',
  S6: 'A task answer without `resultType`, or odd beside its id, is a task: the id is kept and asked about. "Completed" is said only when the server said so.',
  S7: 'Keys like `constructor`, `__proto__`, `toString` anywhere: data like any other.',
  S8: 'An answer is sent only for the question that was read, after a fresh look when that was a while ago.',

  // Jobs, agents of other protocols, hosts
  J1: 'Start, status, result, cancel through mapped tools; ids of several parts; unknown states; a mapping that was removed meanwhile; a job that somebody else started; a start whose reply was lost.',
  J2: 'An answer that may have arrived is never sent again by itself.',
  A1: "A2A 0.3 and 1.0, JSON-RPC and HTTP+JSON: work, question, answer, artifact, reject, auth-required, direct message; a lost reply to the start is found again (1.0); a lost reply to an answer runs once; a stream's end settles nothing; cancel of a parked task that hangs.",
  B1: "A host's time-out, Esc, crash or restart loses nothing and runs nothing twice; the same call joins; a result that was not delivered is delivered.",
  B2: 'A host that declines, cancels or accepts by itself decides nothing.',
  B3: 'A host that knows tasks gets tasks, whatever the upstream is.',
  F1: 'A fleet of workers on one PostgreSQL under kill -9, SIGSTOP, a cut line to the database, its restart.',
} as const;

export type Line = keyof typeof scenarios;

/** Promises without a test. The manifest test fails when a line here has a test. */
export const untested: readonly Line[] = [];

/** A test title that starts with the promises it keeps. */
export function verifies(lines: Line | readonly Line[], sentence: string): string {
  return `${[lines].flat().join(', ')}: ${sentence}`;
}
