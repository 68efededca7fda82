import { expect, test } from 'vitest';
import { runClientScenario } from './run-suite.ts';

/** README.md lists the scenarios that are not run, with reasons. */
const BOTH = [
  'tools_call',
  'json-schema-2020-12-preservation',
  'auth/metadata-default',
  'auth/metadata-var1',
  'auth/metadata-var2',
  'auth/metadata-var3',
  'auth/basic-cimd',
  'auth/scope-from-www-authenticate',
  'auth/scope-from-scopes-supported',
  'auth/scope-omitted-when-undefined',
  'auth/scope-step-up',
  'auth/scope-retry-limit',
  'auth/token-endpoint-auth-basic',
  'auth/token-endpoint-auth-post',
  'auth/token-endpoint-auth-none',
  'auth/pre-registration',
];
const OLDER = ['initialize', 'sse-retry', 'elicitation-sep1034-client-defaults'];
const NEWER = [
  'request-metadata',
  'http-standard-headers',
  'http-custom-headers',
  'http-invalid-tool-headers',
  'sep-2322-client-request-state',
  'json-schema-ref-no-deref',
  'auth/resource-mismatch',
  'auth/offline-access-scope',
  'auth/offline-access-not-supported',
  'auth/authorization-server-migration',
  'auth/iss-supported',
  'auth/iss-not-advertised',
  'auth/iss-supported-missing',
  'auth/iss-wrong-issuer',
  'auth/iss-unexpected',
  'auth/iss-normalized',
  'auth/metadata-issuer-mismatch',
];
const GRANTS = ['auth/client-credentials-jwt', 'auth/client-credentials-basic'];

function isTrouble({ status }: { readonly status: string }): boolean {
  return status === 'FAILURE' || status === 'WARNING';
}

test.each([
  ...[...BOTH, ...OLDER].map((scenario) => ['2025-11-25', scenario] as const),
  ...[...BOTH, ...NEWER].map((scenario) => ['2026-07-28', scenario] as const),
])('under %s our client passes %s of the protocol’s own suite', async (revision, scenario) => {
  const checks = await runClientScenario(scenario, '--spec-version', revision);
  expect(checks.filter(isTrouble)).toEqual([]);
  expect(checks.filter(({ status }) => status === 'SUCCESS').length).toBeGreaterThan(0);
});

test.each(GRANTS)('our client passes %s without a person', async (scenario) => {
  const checks = await runClientScenario(scenario);
  expect(checks.filter(isTrouble)).toEqual([]);
  expect(checks.filter(({ status }) => status === 'SUCCESS').length).toBeGreaterThan(0);
});
