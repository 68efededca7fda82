export { checkSchema, type SchemaReport } from './check-schema.ts';
export type { SchemaProblem } from './result.ts';
export { describeFormat, fewOf } from './words.ts';
