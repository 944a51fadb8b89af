/** An address as it is shown where room is scarce: the port alone where it is this machine's loopback. */
export function shortAddress(address: string): string {
  return address.replace(/^127\.0\.0\.1(?=:)/, '');
}
