/** Promises of a task client, one per line; each test names the lines it keeps. */
export const scenarios = {
  // Creating
  C1: 'An immediate result: no poll, exit 0. A seed that is already `completed`: exactly one `tasks/get`, then the result.',
  C2: '`kill -9` after the server replied with a task and before the first poll: the next run lists and resumes it.',
  C3: 'The connection drops after `tools/call` was sent and before a reply: record `unknown: may have run`, call count 1, exit 8. (Others re-send or forget.)',
  C4: 'Ctrl-C while `tools/call` is in flight and the reply arrives late with a task: the task is recorded and not cancelled.',
  C5: 'A task whose creation reply lacks `ttlMs`, has extra fields, nests its `task`, or starts as `input_required`: the id is kept and polling continues. (ext-tasks throws and loses the id.)',
  C6: 'Questions before creation (`input_required` on `tools/call`, several rounds, `requestState` echoed byte for byte), then a task that reuses the key: asked again, the two phases are separate.',
  C7: 'A task reply to a request that may not have one, or without our opt-in: a typed error, the id shown, never an empty success. (go-sdk decodes it as success.)',
  C8: '2025-11-25 `required` called plainly (`-32601` or `-32600`), `forbidden`, no capability, a server that ignores `task`: each call gets its result or its task.',

  // Polling
  P1: 'The first poll waits for the hint of the creation reply; later polls follow the newest hint, up or down. (VS Code keeps the first.)',
  P2: 'Hints absent, 0, -5, 1.5, `null`, `"500"`, 1e12, 2^31, seconds in a millisecond field: no busy loop, no overflow (Node turns a timer over 2^31-1 into 1 ms), no failed task. (ext-tasks: 95 polls a second, or `failed`.)',
  P3: "A user minimum below the server's hint never speeds polling up; tasks with 500 ms and 30 s keep their own clocks.",
  P4: 'ECONNRESET, a 30 s hang, 502, 503, 429 with `Retry-After: 7` (seconds and date forms): polling continues with backoff, Retry-After is a floor, the count resets on success, the task completes. (ext-tasks, C#, FastMCP, mcpc: the task is over.)',
  P5: 'Five failures in a row: `unreachable`, exit 4, record kept; watching again later works.',
  P6: '401 in the middle: refresh and retry the poll, call count 1; no refresh possible: `auth_required`, exit 3, record kept.',
  P7: '`tasks/get` answers: `-32603` retry; `-32602` expired; `-32601` stop, keep the record, report that the server no longer supports tasks; `-32021` / `-32003` our envelope is wrong; `-32020` our header is wrong.',
  P8: '`-32602` from update or cancel: confirmed by one `tasks/get` before anything is declared expired.',
  P9: 'Wrong task id in a reply; a snapshot older than the last; a snapshot after a terminal one: dropped.',
  P10: 'Unknown status; `completed` without result; `failed` without error: shown once with its body, no fake success, no endless silent poll.',
  P11: 'A server that says `working` for ever: `--timeout` ends the wait (exit 7), the task is not cancelled, the record stays; `lastUpdatedAt` that does not move is shown as "no change for …".',
  P12: 'The clock jumps an hour either way; the machine sleeps eight hours: no false expiry, one poll on waking.',
  P13: '500 tasks on one server: never more requests in flight than the limit, not in lockstep, no listener warnings, memory flat over time.',

  // Time to live
  T1: 'Past `createdAt + ttlMs` while the server still says `working`: keep polling, warn; a later `completed` is delivered.',
  T2: 'ttl raised, lowered, `null`, 0, 30 days: the newest counts, nothing expires by itself.',
  T3: 'Server clock ten minutes off: nothing expires wrongly, the countdown is marked as an estimate.',
  T4: 'Expired while unfollowed: `expired`, with the time; a result received before is still printed.',

  // Questions
  Q1: 'The same key in ten polls, and after a restart: asked once, answered once.',
  Q2: 'Answer acknowledged, key still listed: not resent, not asked again; after a while a warning, and a person may answer again.',
  Q3: 'The update fails in transit: the same answer is resent under the same key, the person is not asked again, even across `kill -9`. (ext-tasks loses the answer.)',
  Q4: 'A key that returns with another question: refused, both shown.',
  Q5: 'Two keys, one answered; a new key while a form is open; the task ends while a form is open (the form is withdrawn, a late answer is not sent).',
  Q6: 'A question stays open for thirty minutes: polling continues, expiry and outside changes are seen. (ext-tasks stops polling.)',
  Q7: 'No TTY: nothing is answered, declined or cancelled; exit 6, the questions in words and the `answer` command to run on stderr (with `--json` the document on stdout); `answer` from another process finishes the job. (mcpdo cancels, MCPJam declines.)',
  Q8: 'Sampling or roots we cannot serve; empty `inputRequests`: reported per key, the rest answerable, bounded.',
  Q9: 'Every field type of a form: string with formats and lengths, number, integer, boolean, single and multiple choice (plain and titled), defaults, required; wrong input is explained at the field.',
  Q10: 'URL mode: whole URL, host apart, nothing opened unasked.',
  Q11: 'Escape sequences, OSC links, bidi overrides, 1 MB messages in any text of the server: harmless in the terminal, intact in `--json`.',
  Q12: 'Ctrl-C at a prompt: nothing is sent, exit 130. (mcpdo sends `cancel`.)',
  Q13: '2025-11-25: the question arrives on the `tasks/result` stream and is answered there (ext-tasks hangs); an answer given in another process reaches it through the record; without a live process, a clear refusal.',

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
  M1: 'Two processes follow one task: one polls and asks at a time, both see it finish; the process with the lease is killed: the other takes over within the lease.',
  M2: 'The same id on two servers, two revisions, two accounts: separate records.',
  M3: 'The server behind a record changed (other fingerprint, other revision): resuming refuses with the reason.',
  M4: 'A store from a newer version: read-only refusal, untouched. A corrupt store: reported, moved aside, never silently emptied.',
  M5: 'Disk full, read-only home: the call continues and warns that this task is not saved.',

  // Transport
  X1: 'A stdio server dies with tasks open: reported, restarted once, surviving tasks are followed; no respawn loop.',
  X4: '2025-11-25 over HTTP: another process resumes within the same session; closing never ends a session with open tasks; a task of a forgotten session is `expired`, and the error names the session.',
  X5: 'stdio and `--detach`: the keeper finishes the task after the command exits, gets answers from other terminals, exits when nothing is open, survives a closed terminal (SIGHUP), and its `kill -9` is detected.',
  X2: 'A push stream that is refused, honours only some ids, drops, repeats, or arrives before the creation reply: polling covers it, merging is idempotent.',
  X3: 'Garbage on stdout of a stdio server, half a JSON line, a 100 MB line, invalid JSON-RPC over HTTP, an HTML error page: one clear error naming the server, no crash.',

  // Stores and owners
  O1: 'A process loses its store (throws, hangs, is cut off) while another has it: once its lease may have ended it sends and writes nothing; the other takes over; each poll, answer and cancel once.',
  O2: 'A process is stopped (SIGSTOP, a laptop lid) past its lease and continued: the same.',
  O3: 'A connection has ended and its client is still open: the client releases its leases; a process with a working connection answers and finishes.',
  O4: 'The store\'s directory is deleted or replaced while running: reported at once, nothing is "recorded" into an unlinked file.',
  O5: 'A record of a newer version, an unknown target kind or protocol, one unreadable row: named and skipped in lists, refused alone, untouched.',
  O6: 'Two processes start the same key at the same instant: one call.',
  O7: '10,000 open tasks: the figures that docs/performance.md states.',

  // Trust
  S1: "Shell completion, printed commands, `--exec` and its environment: nothing that a server or a project's file chose can become shell code, also after Tab and Enter, and after pasting a printed command.",
  S2: "A project's file starts no program and gets no variable before it is confirmed; listing commands connect to nothing of it.",
  S3: 'The sign-in listener answers 400 to a request it cannot parse, accepts only GET of its own path and state, closes when no sign-in waits; "signed in" is printed only with tokens.',
  S4: 'Patterns and schemas of a server cannot hold the event loop: matching in linear time or refused, compiled within a budget with `$ref` followed; Ctrl-C always works.',
  S9: 'Values of variables are in no error text, table or record. A state directory that others can write is refused.',
  S5: 'Any answer up to the size limit is decoded within 1.2 × `JSON.parse`; a million questions or tools are refused by count; `--timeout` and Ctrl-C hold meanwhile.',
  S6: 'A task reply without `resultType`, or malformed beside its id, is a task: the id is kept and polled. "Completed" is reported only when the server said so.',
  S7: 'Keys like `constructor`, `__proto__`, `toString` anywhere: data like any other.',
  S8: 'An answer is sent only for the question that was read, after a fresh poll when that was a while ago.',

  // Jobs, agents of other protocols, hosts
  J1: 'Start, status, result, cancel through mapped tools; ids of several parts; unknown states; a removed mapping; a job started elsewhere; a start whose reply was lost.',
  J2: 'An answer that may have arrived is never resent automatically.',
  A1: "A2A 0.3 and 1.0, JSON-RPC and HTTP+JSON: work, question, answer, artifact, reject, auth-required, direct message; a lost reply to the start is found (1.0); an answer with a lost reply runs once; a stream's end settles nothing; a cancel of a waiting task that hangs.",
  B1: "A host's timeout, Esc, crash or restart loses nothing and runs nothing twice; an equal call joins; an undelivered result is delivered.",
  B2: 'A host that declines, cancels or accepts without a person decides nothing.',
  B3: 'A host with tasks gets tasks, whatever the upstream is.',
  F1: 'A fleet of workers on one PostgreSQL under kill -9, SIGSTOP, a cut connection to the database, its restart.',
} as const;

export type Line = keyof typeof scenarios;

/** Promises without a test. The manifest test fails when a line here has a test. */
export const untested: readonly Line[] = [];

/** A test title that starts with the promises it keeps. */
export function verifies(lines: Line | readonly Line[], sentence: string): string {
  return `${[lines].flat().join(', ')}: ${sentence}`;
}
