import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject } from '@mcp-tasks/client';
import { onTestFinished } from 'vitest';
import { serveHttp } from './support.ts';

export interface RecordedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** JSON-RPC method of the request body. */
  readonly rpc: string | undefined;
  readonly params: JsonObject;
  /** Drops the connection of the response. */
  cut(): void;
}

/** A proxy that records every request, except those that `cutsOff` drops. */
export async function serveRecordingProxy(
  target: string,
  cutsOff: (message: { readonly rpc: string | undefined; readonly text: string }) => boolean = () => false,
) {
  const seen: RecordedRequest[] = [];
  const server = await serveHttp(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const rpc = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString());
    const text = Buffer.concat(chunks).toString();
    if (cutsOff({ rpc: rpc.method, text })) return void request.socket.destroy();
    const { method = '', headers: passed } = request;
    seen.push({ method, headers: passed, rpc: rpc.method, params: rpc.params ?? {}, cut: () => response.destroy() });
    const abort = new AbortController();
    response.on('close', () => abort.abort());
    try {
      const headers = new Headers(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      for (const name of ['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive'])
        headers.delete(name);
      const body = request.method === 'POST' ? { body: Buffer.concat(chunks) } : {};
      const answer = await fetch(target, { method: request.method ?? 'GET', headers, signal: abort.signal, ...body });
      const kept = [...answer.headers].filter(
        ([name]) => !/^(content-(length|encoding)|transfer-encoding)$/.test(name),
      );
      response.writeHead(answer.status, kept.flat());
      for await (const chunk of answer.body ?? []) response.write(chunk);
      response.end();
    } catch {
      response.destroy();
    }
  });
  onTestFinished(() => server.stop());
  return { url: server.url, seen };
}
