import type { EndpointView, SocketView } from '#shared/contract/models.ts';

/** The side bar as rows of one height, so that thousands of peers cost no more than those in sight. */
export type SidebarRowData =
  | { readonly kind: 'heading'; readonly title: string; readonly role: 'server' | 'client' }
  | { readonly kind: 'empty'; readonly text: string; readonly offer: string; readonly role: 'server' | 'client' }
  | { readonly kind: 'endpoint'; readonly view: EndpointView; readonly collapsed: boolean }
  | { readonly kind: 'peer'; readonly socket: SocketView };

/** Servers, each with its peers unless it is collapsed, then clients. */
export function sidebarRows(
  endpoints: ReadonlyMap<string, EndpointView>,
  sockets: ReadonlyMap<number, SocketView>,
  collapsed: ReadonlySet<string>,
): SidebarRowData[] {
  const peers = new Map<string, SocketView[]>();
  for (const socket of sockets.values()) {
    if (socket.role !== 'accepted') continue;
    const list = peers.get(socket.endpoint);
    if (list) list.push(socket);
    else peers.set(socket.endpoint, [socket]);
  }
  const rows: SidebarRowData[] = [];
  const section = (role: 'server' | 'client', title: string, text: string, offer: string) => {
    rows.push({ kind: 'heading', title, role });
    const views = [...endpoints.values()].filter(({ config }) => config.role === role);
    if (views.length === 0) rows.push({ kind: 'empty', text, offer, role });
    for (const view of views) {
      const own = peers.get(view.id) ?? [];
      const isCollapsed = collapsed.has(view.id);
      rows.push({ kind: 'endpoint', view, collapsed: isCollapsed });
      if (!isCollapsed) for (const socket of own) rows.push({ kind: 'peer', socket });
    }
  };
  section('server', 'Servers', 'No server yet.', 'Add one');
  section('client', 'Clients', 'No client yet.', 'Add one');
  return rows;
}
