/** The address of the page in the desktop app. */
export const pageAddress = 'app://bundle/';

/**
 * Returns true if `url` belongs to our page: `app://bundle/…`, or the development server if there is one. Protocol and
 * host are compared separately, because Node gives every custom scheme the origin `null`.
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
