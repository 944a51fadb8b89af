import { configProblem, type EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok, type Result } from '#shared/failure.ts';

/** Checks what the flags cannot check one by one. The failure is one of usage. */
export function checkConfig(config: EndpointConfig): Result<EndpointConfig> {
  const problem = configProblem(config);
  return problem ? fail('bad-input', problem.message) : ok(config);
}
