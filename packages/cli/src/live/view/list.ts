import type { TaskRecord } from '@mcp-tasks/client';
import type { Model } from '../state/model.ts';
import { selectedIndex, windowStart } from '../state/selection.ts';
import { oneLine, plural } from './format.ts';
import { cutLine, type Line, line, span } from './line.ts';
import { columnsFor, headingRow, taskRow } from './row.ts';
import { wrapText } from './wrap.ts';

/** List in at most `height` rows; draws only visible rows. */
export function viewList(model: Model, height: number): readonly Line[] {
  if (model.order.length === 0) return viewEmpty(model, height);
  const columns = columnsFor(model);
  const hasHeading = height >= 6;
  const room = height - (hasHeading ? 1 : 0);
  const index = selectedIndex(model);
  const rows = rowsOf(model);
  const place = rows.findIndex((row) => row.kind === 'task' && row.at === index);
  const position = model.order.length > room ? `${index + 1}/${model.order.length}` : '';
  const heading = hasHeading ? [headingRow(columns, position)] : [];
  const start = windowStart(place, rows.length, room);
  // Round to the second, so that all times change in the same frame.
  const onTheSecond = { ...model, now: Math.floor(model.now / 1000) * 1000 };
  const lines = rows
    .slice(start, start + room)
    .map((row) =>
      row.kind === 'server'
        ? cutLine(line(span(row.label, 'strong'), span(`  ${plural(row.count, 'task')}`, 'dim')), model.columns)
        : taskRow(onTheSecond, row.record, columns, row.at === index),
    );
  return [...heading, ...lines];
}

type ListRow =
  | { readonly kind: 'task'; readonly record: TaskRecord; readonly at: number }
  | { readonly kind: 'server'; readonly label: string; readonly count: number };

/** One row per task; when grouped, also one per server above its tasks. */
function rowsOf(model: Model): readonly ListRow[] {
  const tasks = model.order.flatMap((id, at) => {
    const record = model.records.get(id);
    return record === undefined ? [] : [{ kind: 'task', record, at } as const];
  });
  if (!model.groupsByServer) return tasks;
  const labelOf = ({ record }: { readonly record: TaskRecord }) => record.server.label;
  return tasks.flatMap((row, at): readonly ListRow[] => {
    const before = tasks[at - 1];
    const label = labelOf(row);
    if (before !== undefined && labelOf(before) === label) return [row];
    return [
      { kind: 'server', label: oneLine(label), count: tasks.filter((each) => labelOf(each) === label).length },
      row,
    ];
  });
}

function viewEmpty(model: Model, height: number): readonly Line[] {
  const width = Math.max(1, model.columns - 2);
  const textLines = (text: string, tone: 'plain' | 'dim' | 'strong' = 'plain') =>
    wrapText(text, width).map((row) => line(' ', span(row, tone)));
  if (!model.isLoaded) return textLines('Reading the records…', 'dim');
  if (model.hidesSettled && model.records.size > 0) return textLines('No task is running. s shows the settled ones.');
  if (model.filter.text !== '') return textLines(`No task matches “${model.filter.text}”.`);
  const lines = [...textLines('No tasks yet.', 'strong'), line('')];
  const servers = [...model.servers.values()];
  const isHere = servers.some((server) => server.state === 'connected');
  if (isHere && !model.readOnly) lines.push(...textLines('Press n to start a call.'), line(''));
  else if (servers.some((server) => server.state === 'connecting'))
    lines.push(...textLines('Connecting…', 'dim'), line(''));
  else if (servers.length === 0) lines.push(...textLines('Watch a server: mcp-tasks watch <url or name>'), line(''));
  for (const server of servers) {
    const label = oneLine(server.label);
    if (server.state !== 'connected' && server.state !== 'connecting') {
      lines.push(...textLines(`${label}: ${oneLine(server.detail ?? server.state)}`, 'dim'));
    } else if (server.taskTools !== undefined) {
      const tools = server.taskTools.map(oneLine).join(', ');
      lines.push(
        ...textLines(
          tools === ''
            ? `${label} has no tools that become tasks.`
            : `Tools of ${label}${server.toolsAlike === true ? '' : ' that can be tasks'}: ${tools}`,
          'dim',
        ),
      );
    }
  }
  return lines.slice(0, height);
}
