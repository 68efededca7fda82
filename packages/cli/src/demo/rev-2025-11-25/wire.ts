import type { DemoTool } from '../tool.ts';

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
