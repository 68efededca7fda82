import { isJsonObject, type JsonObject } from './json.ts';

/** The audience of content, its priority (0 to 1), and its last change (ISO 8601). */
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

/** One content block of a result; `data` and `blob` are Base64. Specification: server/tools, "Tool Result". */
export type ContentBlock =
  | (Noted & { readonly type: 'text'; readonly text: string })
  | (Noted & { readonly type: 'image' | 'audio'; readonly data: string; readonly mimeType: string })
  | ResourceLink
  | (Noted & { readonly type: 'resource'; readonly resource: ResourceContents });

/**
 * The result of `tools/call`, assignable to `CallToolResult` of either SDK. It is passed on as received: the blocks of
 * `content` are not checked. Specification: server/tools, "Tool Result".
 */
export interface CallToolResult extends JsonObject {
  /** Empty where the server sent none. */
  readonly content: ContentBlock[];
  /** Described by the tool's `outputSchema`, if it has one. */
  readonly structuredContent?: JsonObject | undefined;
  /** The tool reports an error; the task has completed all the same. */
  readonly isError?: boolean | undefined;
  /** Metadata for programs. Specification: basic/index, "_meta". */
  readonly _meta?: JsonObject | undefined;
}

/** A result always has content, as in the SDKs: a text or a single block becomes a list of one. */
export function toolResultOf(result: JsonObject): CallToolResult {
  const { content } = result;
  if (Array.isArray(content)) return result as CallToolResult;
  if (typeof content === 'string') return { ...result, content: [{ type: 'text', text: content }] };
  return { ...result, content: isJsonObject(content) ? [content as ContentBlock] : [] };
}
