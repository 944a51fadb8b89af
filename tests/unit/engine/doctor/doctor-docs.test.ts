import { readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { cases } from '#engine/doctor/cases.ts';
import { diagnose } from '#engine/doctor/diagnose.ts';
import type { Diagnosis } from '#engine/doctor/diagnosis.ts';
import { Examination } from '#engine/doctor/examination.ts';
import { failureCodes } from '#shared/failure.ts';
import { formatHostPort } from '#shared/socket/address.ts';
import { fakeSystem } from '#support/fake-doctor-system.ts';
import { situations } from './doctor-situations.ts';
import type { Situation } from './situation.ts';

const page = new URL('../../../../docs/doctor.md', import.meta.url);

const head = `# What the error doctor says

When an endpoint cannot be opened, the error doctor looks for the cause for up to 1.5 seconds. It changes nothing, and sends only to
the host that the user entered, to this machine and to its name server. It does not connect to servers of this Wirebench, whose
transport it knows, because they would record it as a peer. The error shows the cause, the next step and the checks that were made.

\`tests/unit/engine/doctor/doctor-docs.test.ts\` generates this page. Each row is a situation on a simulated Linux machine
(192.168.1.20, not root, 1 March 2026) and the doctor’s result. \`UPDATE_DOCS=1 npm run test:unit doctor-docs\` updates the
page. macOS and Windows have no \`/proc\`: checks that need it are skipped there.
`;

const diagnoses = new Map<Situation, Diagnosis>();

beforeAll(async () => {
  for (const situation of situations) {
    diagnoses.set(situation, await diagnose(situation.trouble, fakeSystem(situation.facts)));
  }
});

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function asked({ trouble }: Situation): string {
  const { transport, host, port, path } = trouble.config;
  // A host that is mistyped is shown as it was typed.
  const typed = net.isIP(host) === 0 && host.includes(':') ? host : formatHostPort(host, port);
  const where = transport === 'local' ? path : typed;
  const shown = where.length > 40 ? `${where.slice(0, 40)}…` : where;
  return `${trouble.role}, ${transport}, \`${shown}\``;
}

function render(): string {
  const parts = [head];
  for (const { name } of cases) {
    parts.push(`\n## ${name.charAt(0).toUpperCase()}${name.slice(1)}\n`);
    parts.push('| situation | requested | system error | checks | result |', '| --- | --- | --- | --- | --- |');
    for (const situation of situations.filter(({ of }) => of === name)) {
      const { checks, hint } = diagnoses.get(situation) as Diagnosis;
      const { call, errno } = situation.trouble.failure;
      const cells = [situation.what, asked(situation), `\`${call}\`: \`${errno}\``, checks.join(' '), `**${hint}**`];
      parts.push(`| ${cells.map(cell).join(' | ')} |`);
    }
  }
  return `${parts.join('\n')}\n`;
}

describe('docs/doctor.md', () => {
  test('contains the results of the doctor', () => {
    const made = render();
    if (process.env.UPDATE_DOCS === '1') writeFileSync(page, made);
    expect(readFileSync(page, 'utf8')).toBe(made);
  });

  test('has a row for every case of the list', () => {
    expect([...new Set(situations.map(({ of }) => of))].sort()).toEqual(cases.map(({ name }) => name).sort());
  });
});

describe('the doctor', () => {
  test.each(situations)('finds the case $of: $what', async (situation) => {
    const examination = new Examination(situation.trouble, fakeSystem(situation.facts));
    let found = '';
    for (const one of cases) {
      if (found === '' && one.fits(examination) && (await one.examine(examination))) found = one.name;
    }
    expect(found).toBe(situation.of);
  });

  test.each(situations)('returns one or two plain sentences: $of, $what', (situation) => {
    const { hint, checks, code } = diagnoses.get(situation) as Diagnosis;
    expect(failureCodes).toContain(code);
    for (const text of [hint, ...checks]) {
      expect(text).toMatch(/^[\p{Lu}/“[a-z\d].*\.$/u);
      expect(text).not.toMatch(/undefined|NaN|\[object|\.\.$| {2}/);
    }
    expect(hint.length).toBeLessThan(260);
    expect(hint.split(/[.:?!] (?=[A-Z])/).length).toBeLessThanOrEqual(3);
  });

  test('has a different sentence for every situation', () => {
    const said = situations.map((situation) => `${situation.trouble.failure.errno} ${diagnoses.get(situation)?.hint}`);
    expect(new Set(said).size).toBe(said.length);
  });
});
