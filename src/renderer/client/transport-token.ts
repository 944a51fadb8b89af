const key = 'wirebench.token';

/**
 * Returns the browser host's token: from the address it printed (`#token=…`), which is then removed from the address bar and
 * the history, or from this tab's storage. Empty if there is no valid token.
 */
export function takeToken(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    history.replaceState(null, '', location.pathname + location.search);
    // A WebSocket subprotocol cannot contain other characters.
    sessionStorage.setItem(key, /^[\w-]+$/.test(given) ? given : '');
  }
  return sessionStorage.getItem(key) ?? '';
}
