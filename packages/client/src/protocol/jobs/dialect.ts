import type { JsonObject, JsonValue } from '../../task/json.ts';
import type { Ask, CallParameters, Decoded, TaskDialect, TaskRef } from '../dialect.ts';
import { formatJobId, idOfJob, isJobId } from './job-id.ts';
import { isMissing } from './job-state.ts';
import { judgeJob } from './judge.ts';
import { listedPolls } from './listed-polls.ts';
import type { JobMapping, MappedTool } from './mapping.ts';
import { textOf, toolFor } from './question.ts';
import { isResultApart, newSnapshot, snapshotOf } from './snapshot.ts';
import { fill, type Scope } from './template.ts';
import { readToolAnswer, select, type ToolAnswer } from './tool-answer.ts';

/** Timeout of a status tool that waits for a change; the tool's own limit is rarely more than a minute. */
const WAITING_MS = 120_000;

/** The dialect of a job behind ordinary tools, from its mapping and the server's dialect `base`. */
export function createJobDialect(mapping: JobMapping, base: TaskDialect): TaskDialect {
  const { start, status, result, answer, cancel } = mapping;

  const scopeOf = ({ taskId, arguments: args, carried }: TaskRef): Scope => ({ id: idOfJob(taskId), args, carried });

  function ask({ tool, arguments: template = {} }: MappedTool, scope: Scope): Ask {
    return base.call({ id: '', name: tool, arguments: fill(template, scope), asTask: false });
  }

  function read(raw: JsonValue, tool: string): Decoded<ToolAnswer> {
    const decoded = base.decodeCall(raw, { id: '', name: tool, arguments: {}, asTask: false });
    if (decoded.kind === 'invalid') return decoded;
    if (decoded.value.kind === 'complete') return { kind: 'value', value: readToolAnswer(decoded.value.result) };
    return { kind: 'invalid', problem: `${tool} became a task or asked a question: a job needs a plain result`, raw };
  }

  function decodeStart(started: ToolAnswer, { name: job, arguments: args }: CallParameters) {
    const selector = start?.match === undefined ? start?.id : { match: start.match };
    const id = selector === undefined || started.isError ? undefined : select(started, selector);
    const isReadable = isJobId(id);
    if (!isReadable) {
      const where = typeof selector === 'string' ? `at ${selector}` : 'by its pattern';
      const warning = `${start?.tool} returned no id ${where}: the job, if it started one, is not followed`;
      return { kind: 'complete', result: started.result, ...(started.isError ? {} : { warning }) } as const;
    }
    const snapshot = newSnapshot(formatJobId({ job, id, args }, mapping), mapping);
    return { kind: 'task', snapshot, asked: true } as const;
  }

  const dialect: TaskDialect = {
    protocol: 'jobs',
    revision: base.revision,
    traits: {
      resultApart: isResultApart(mapping),
      questions: 'listed',
      answers: 'once',
      pushWhileAsked: false,
      callsAsTask: false,
    },
    hasTasks: () => true,
    taskSupport: () => 'required',
    tools: base.tools,
    decodeTools: base.decodeTools,

    call(call) {
      const name = start?.tool ?? call.name;
      const fixed: JsonObject = fill(start?.arguments ?? {}, { id: null, args: call.arguments });
      return base.call({ ...call, name, arguments: { ...call.arguments, ...fixed }, asTask: false });
    },
    decodeCall(raw, call) {
      const decoded = base.decodeCall(raw, { ...call, asTask: false });
      if (decoded.kind === 'invalid' || decoded.value.kind === 'input_required') return decoded;
      if (decoded.value.kind === 'complete')
        return { kind: 'value', value: decodeStart(readToolAnswer(decoded.value.result), call) };
      return {
        kind: 'invalid',
        problem: `${start?.tool} became a task of the protocol: a mapping of this tool is not needed`,
        raw,
      };
    },
    get: (task) => ({ ...ask(status, scopeOf(task)), ...(status.waits ? { timeoutMs: WAITING_MS } : {}) }),
    decodeTask(raw, { taskId }) {
      const answered = read(raw, status.tool);
      if (answered.kind === 'invalid') return answered;
      const { value } = answered;
      const failure = `${status.tool}: ${value.text || 'it failed without a reason'}`;
      if (isMissing(status, value)) return { kind: 'invalid', problem: failure, raw: null, verdict: 'expired' };
      if (value.isError) return { kind: 'invalid', problem: failure, raw: null, verdict: 'retry' };
      const snapshot = snapshotOf(taskId, value, mapping);
      if (snapshot !== undefined) return { kind: 'value', value: snapshot };
      const where = typeof status.state === 'string' ? `at ${status.state}` : 'that its mapping names';
      return { kind: 'invalid', problem: `${status.tool} returned no state ${where}`, raw: null, verdict: 'retry' };
    },
    update(task, responses) {
      const [response] = Object.values(responses);
      const tool = answer === undefined ? undefined : toolFor(answer, String(response?.action));
      if (tool === undefined) return undefined;
      return ask(tool, { ...scopeOf(task), answer: response === undefined ? undefined : textOf(response) });
    },
    cancel: (task) => (cancel === undefined ? undefined : ask(cancel, scopeOf(task))),
    decodeReply(raw, _task, about) {
      const reply = read(raw, about);
      if (reply.kind === 'value' && !reply.value.isError) return { kind: 'taken' };
      const problem = reply.kind === 'value' ? reply.value.text : reply.problem;
      // A late cancel also returns an error: the next status decides.
      return {
        kind: 'refused',
        problem: problem || 'it was refused',
        verdict: about === 'cancel' ? 'expired' : 'refused',
      };
    },
    result: (task) => ask(result !== undefined && 'tool' in result ? result : status, scopeOf(task)),
    decodeResult(raw) {
      const answered = read(raw, 'The result');
      if (answered.kind === 'invalid') return answered;
      const { isError, text, result: returned } = answered.value;
      if (!isError) return { kind: 'value', value: returned };
      return { kind: 'invalid', problem: text || 'the tool for the result failed', raw: null, verdict: 'retry' };
    },
    listedPolls: listedPolls(mapping, base),
    list: () => undefined,
    decodeList: (raw) => ({ kind: 'invalid', problem: 'jobs are listed by a tool of the mapping', raw }),
    notice: () => undefined,
    judge: (failure, about) => judgeJob(failure, about, mapping, base),
  };
  return dialect;
}
