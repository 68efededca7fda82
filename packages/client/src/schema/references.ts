import { isJsonObject, type JsonObject, type JsonValue } from '../task/json.ts';
import { own } from '../task/own.ts';
import type { Budget } from './budget.ts';
import { subschemasOf } from './subschemas.ts';

/** A schema with its own identifier, or the whole document: the base of references in it. */
export interface Resource {
  readonly root: JsonObject;
  /** Absolute, without a fragment; generated if the document has no identifier. */
  readonly base: string;
}

export interface Found {
  readonly schema: JsonValue;
  readonly resource: Resource;
}

export interface References {
  readonly document: Resource;
  /** The resource of a nested schema: its own if it has an identifier. */
  enter(schema: JsonObject, around: Resource): Resource;
  /** The referenced schema; undefined if it is not in this document. */
  find(reference: string, from: Resource): Found | undefined;
}

const NO_BASE = 'schema:/';

export function createReferences(document: JsonObject, budget: Budget): References {
  const outside = { root: document, base: NO_BASE };
  let index: Index | undefined;

  function enter(schema: JsonObject, around: Resource): Resource {
    const id = own(schema, '$id');
    // Earlier drafts write an anchor as an identifier.
    if (typeof id !== 'string' || id.startsWith('#') || schema === around.root) return around;
    const base = absolute(id, around.base);
    return base === undefined ? around : { root: schema, base: withoutFragment(base) };
  }

  const root = enter(document, { root: {}, base: NO_BASE });
  const whole: Resource = root.root === document ? root : outside;

  function resolve(reference: string, from: Resource): Found | undefined {
    const isHere = reference.startsWith('#');
    const target = isHere ? from.base : absolute(reference, from.base);
    if (target === undefined) return undefined;
    const fragment = reference.includes('#') ? decode(reference.slice(reference.indexOf('#') + 1)) : '';
    const isPointer = fragment === '' || fragment.startsWith('/');
    if (isHere && isPointer) return atPointer(fragment, from, enter);
    index ??= createIndex(whole, enter, budget);
    const resource = isHere ? from : index.resources.get(withoutFragment(target));
    if (resource === undefined || isPointer) return resource && atPointer(fragment, resource, enter);
    const schema = index.anchors.get(`${resource.base}#${fragment}`);
    return schema === undefined ? undefined : { schema, resource: enter(schema, resource) };
  }

  /** A cache by resource and reference: a schema refers to the same part many times. */
  const known = new Map<JsonObject, Map<string, Found | undefined>>();

  function find(reference: string, from: Resource): Found | undefined {
    const ofResource = known.get(from.root) ?? new Map<string, Found | undefined>();
    known.set(from.root, ofResource);
    if (!ofResource.has(reference)) ofResource.set(reference, resolve(reference, from));
    return ofResource.get(reference);
  }

  return { document: whole, enter, find };
}

interface Index {
  readonly resources: ReadonlyMap<string, Resource>;
  /** The key is base, `#` and name. */
  readonly anchors: ReadonlyMap<string, JsonObject>;
}

type Enter = References['enter'];

function createIndex(whole: Resource, enter: Enter, budget: Budget): Index {
  const resources = new Map([[whole.base, whole]]);
  const anchors = new Map<string, JsonObject>();
  const visit = (schema: JsonObject, around: Resource): void => {
    budget.spend(1);
    const resource = enter(schema, around);
    if (!resources.has(resource.base)) resources.set(resource.base, resource);
    for (const name of [schema.$anchor, schema.$dynamicAnchor, anchorInId(schema)]) {
      if (typeof name !== 'string' || anchors.has(`${resource.base}#${name}`)) continue;
      anchors.set(`${resource.base}#${name}`, schema);
    }
    budget.deeper(() => {
      for (const each of subschemasOf(schema)) visit(each, resource);
    });
  };
  visit(whole.root, whole);
  return { resources, anchors };
}

function anchorInId({ $id: id }: JsonObject): string | undefined {
  return typeof id === 'string' && id.startsWith('#') ? id.slice(1) : undefined;
}

function atPointer(pointer: string, from: Resource, enter: Enter): Found | undefined {
  let schema: JsonValue = from.root;
  let resource = from;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const next: JsonValue | undefined = Array.isArray(schema)
      ? schema[/^\d+$/.test(key) ? Number(key) : -1]
      : isJsonObject(schema)
        ? own(schema, key)
        : undefined;
    if (next === undefined) return undefined;
    schema = next;
    if (isJsonObject(schema)) resource = enter(schema, resource);
  }
  return { schema, resource };
}

function absolute(reference: string, base: string): string | undefined {
  return URL.canParse(reference, base) ? new URL(reference, base).href : undefined;
}

function withoutFragment(url: string): string {
  return url.replace(/#.*$/s, '');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
