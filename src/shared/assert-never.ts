/** Ends a `switch` over a closed union: does not compile while a case is missing, and throws if one slips in. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
