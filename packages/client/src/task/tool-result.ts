import { isJsonObject, type JsonObject } from './json.ts';

/** Who content is for, how much it matters (0 to 1), and when it last changed (ISO 8601). */
export type ContentAnnotations = {
  readonly audience?: ('user' | 'assistant')[] | undefined;
  readonly priority?: number | undefined;
  readonly lastModified?: string | undefined;
};

type Noted = {
  readonly annotations?: ContentAnnotations | undefined;
  readonly _meta?: JsonObject | undefined;
};

type Icon = {
  readonly src: string;
  readonly mimeType?: string | undefined;
  readonly sizes?: string[] | undefined;
  readonly theme?: 'light' | 'dark' | undefined;
};

type ResourceLink = Noted & {
  readonly type: 'resource_link';
  readonly uri: string;
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly mimeType?: string | undefined;
  /** In bytes. */
  readonly size?: number | undefined;
  readonly icons?: Icon[] | undefined;
};

type ResourceContents = {
  readonly uri: string;
  readonly mimeType?: string | undefined;
  readonly _meta?: JsonObject | undefined;
} & ({ readonly text: string } | { readonly blob: string });

/** One piece of what a tool returned; `data` and `blob` are Base64. Specification: server/tools, "Tool Result". */
export type ContentBlock =
  | (Noted & { readonly type: 'text'; readonly text: string })
  | (Noted & { readonly type: 'image' | 'audio'; readonly data: string; readonly mimeType: string })
  | ResourceLink
  | (Noted & { readonly type: 'resource'; readonly resource: ResourceContents });

/**
 * What `tools/call` returns, in the protocol's words, so that it goes wherever either SDK's `CallToolResult` goes. It is
 * what the server sent: the parts of `content` are not checked one by one. Specification: server/tools, "Tool Result".
 */
export interface CallToolResult extends JsonObject {
  /** Empty where the server sent none. */
  readonly content: ContentBlock[];
  /** What the tool's `outputSchema` describes, where it has one. */
  readonly structuredContent?: JsonObject | undefined;
  /** The tool says itself that it went wrong; the task has completed all the same. */
  readonly isError?: boolean | undefined;
  /** Beside the result, for programs. Specification: basic/index, "_meta". */
  readonly _meta?: JsonObject | undefined;
}

/** A result always has content, as the SDKs read it too; a text, or one part alone, is taken for a list of one. */
export function toolResultOf(result: JsonObject): CallToolResult {
  const { content } = result;
  if (Array.isArray(content)) return result as CallToolResult;
  if (typeof content === 'string') return { ...result, content: [{ type: 'text', text: content }] };
  return { ...result, content: isJsonObject(content) ? [content as ContentBlock] : [] };
}
