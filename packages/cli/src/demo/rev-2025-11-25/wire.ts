import type { DemoTool } from '../script.ts';

export function encodeTool({
  name,
  title,
  description,
  inputSchema,
  outputSchema,
  annotations,
  taskSupport,
}: DemoTool) {
  return {
    name,
    title,
    description,
    inputSchema,
    ...(outputSchema === undefined ? {} : { outputSchema }),
    ...(annotations === undefined ? {} : { annotations }),
    execution: { taskSupport },
  };
}
