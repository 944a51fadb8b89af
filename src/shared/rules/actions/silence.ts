import { defineAction } from './action.ts';

/** Answers nothing. */
export const silence = defineAction<'silent', never>({
  kind: 'silent',
  label: 'Silent: only receive',
  explain: () => 'no reply',
  respond: () => undefined,
});
