import { type Action, type ActionContext, canRun, contextOf } from '../state/action.ts';
import type { Services } from '../state/services.ts';

const always = () => true;

/** Returns an action on the active tab. */
export function action(
  id: string,
  label: string,
  run: (services: Services) => void,
  more: { readonly keys?: string; readonly enabled?: (services: Services) => boolean } = {},
): Action {
  const enabled = more.enabled ?? always;
  return {
    id,
    label,
    keys: more.keys,
    enabled: ({ services }: ActionContext) => enabled(services),
    run: ({ services }: ActionContext) => run(services),
  };
}

/** Runs `one` on the active tab, if it can run there. */
export function runAction(one: Action, services: Services): void {
  const context = contextOf(services);
  if (canRun(one, context)) one.run(context);
}
