const key = 'wirebench.token';

/**
 * The browser host's token: from the address it printed (`#token=…`), which is then taken out of the address bar and
 * the history, or what this tab kept of it. Empty where there is none, or where what is there cannot be one.
 */
export function takeToken(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    history.replaceState(null, '', location.pathname + location.search);
    // A WebSocket's subprotocol may hold no other character.
    sessionStorage.setItem(key, /^[\w-]+$/.test(given) ? given : '');
  }
  return sessionStorage.getItem(key) ?? '';
}
