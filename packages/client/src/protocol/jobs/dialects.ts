import type { Dialects } from '../dialect.ts';
import { dialectOfRevision } from '../mcp/dialect-of-revision.ts';
import { createJobDialect } from './dialect.ts';
import { mappingOf } from './mapping.ts';

/** A job is followed by the mapping in its record. */
export const dialects: Dialects = ({ mapping, revision }) =>
  mapping === undefined ? undefined : createJobDialect(mappingOf(mapping), dialectOfRevision({ revision }));
