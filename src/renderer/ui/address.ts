/** Returns a short form of `address`: only the port for 127.0.0.1. */
export function shortAddress(address: string): string {
  return address.replace(/^127\.0\.0\.1(?=:)/, '');
}
