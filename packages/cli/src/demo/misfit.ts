import { Ajv, addFormats } from '@modelcontextprotocol/server/validators/ajv';
import type { JsonObject } from './tool.ts';

type ValidateFunction = ReturnType<InstanceType<typeof Ajv>['compile']>;
type ErrorObject = NonNullable<ValidateFunction['errors']>[number];

const ajv = new Ajv({ strict: false, allErrors: true, verbose: true });
addFormats(ajv);

const compiled = new WeakMap<object, ValidateFunction>();

/** The reason why a value does not fit a schema, in words for a person; `undefined` when it fits. */
export function misfit(schema: JsonObject, value: unknown): string | undefined {
  const validate = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, validate);
  // Ajv would cache each schema forever, and questions read from the store are new objects.
  ajv.removeSchema(schema);
  if (validate(value)) return undefined;
  const reasons = (validate.errors ?? []).map(reasonOf).filter((each) => each !== undefined);
  return [...new Set(reasons)].join(', ');
}

function reasonOf({ keyword, instancePath, params, parentSchema, message }: ErrorObject): string | undefined {
  const place = instancePath.slice(1).replaceAll('/', '.');
  const sentence = (predicate: string | undefined) => `${place === '' ? 'it' : place} ${predicate}`;
  switch (keyword) {
    case 'required':
      return `${place === '' ? '' : `${place}.`}${params.missingProperty} is missing`;
    case 'const':
      return undefined; // one of the choices named below
    case 'enum':
      return sentence(`must be one of ${list(params.allowedValues)}`);
    case 'oneOf':
    case 'anyOf':
      return sentence(`must be one of ${list(parentSchema?.[keyword].map((each: JsonObject) => each.const))}`);
    default:
      return sentence(message);
  }
}

function list(values: readonly unknown[]): string {
  return values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(', ');
}
