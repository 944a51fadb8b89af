import { asyncio } from './languages/asyncio.ts';
import { bash } from './languages/bash.ts';
import { c } from './languages/c.ts';
import { csharp } from './languages/csharp.ts';
import { go } from './languages/go.ts';
import { java } from './languages/java.ts';
import { node } from './languages/node.ts';
import { powershell } from './languages/powershell.ts';
import { python } from './languages/python.ts';
import { rust } from './languages/rust.ts';
import type { Language } from './program.ts';

/** Every language in which programs are generated, by the name that the command line has for it. */
const catalogue = { python, asyncio, node, c, go, java, rust, csharp, bash, powershell } as const satisfies Readonly<
  Record<string, Language>
>;

export type LanguageName = keyof typeof catalogue;

/** The names of the languages, as the command line spells them. */
export const languageNames = Object.keys(catalogue) as readonly LanguageName[];

/** Returns the descriptor of a language. */
export function languageOf(name: LanguageName): Language {
  return catalogue[name];
}
