/** The address of the page in the desktop app. */
export const pageAddress = 'app://bundle/';

/**
 * True where `url` is of our own page: `app://bundle/…`, or the development server's where there is one. Protocol and
 * host are compared apart, because the origin of a custom scheme is `null` in Node, like that of any other.
 */
export function isOwnPage(url: string, developmentAddress: string | undefined): boolean {
  if (!URL.canParse(url)) return false;
  const page = new URL(url);
  return [pageAddress, developmentAddress].some((address) => {
    if (!address) return false;
    const own = new URL(address);
    return page.protocol === own.protocol && page.host === own.host;
  });
}
