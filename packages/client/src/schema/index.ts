export { checkSchema, type SchemaReport } from './check-schema.ts';
export { describeFormat } from './describe.ts';
