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
import type { Language, LanguageName } from './program.ts';

/** Every language in which programs are generated. */
const catalogue: Readonly<Record<LanguageName, Language>> = {
  ...{ python, asyncio, node, c, go, java, rust, csharp, bash, powershell },
};

/** Returns the descriptor of a language. */
export function languageOf(name: LanguageName): Language {
  return catalogue[name];
}
