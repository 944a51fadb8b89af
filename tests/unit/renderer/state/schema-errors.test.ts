import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { shortErrors } from '../../../../src/renderer/state/framing-form.ts';

const wordsOf = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value, { error: shortErrors }).error?.issues.map(({ message }) => message);

describe('the message of a schema issue', () => {
  test('names the limit in place of the default message', () => {
    const limited = z.number().min(2).max(9);
    expect([wordsOf(limited, 1), wordsOf(limited, 10)]).toEqual([['at least 2'], ['at most 9']]);
    expect(wordsOf(z.string().max(3), 'long')).toEqual(['at most 3']);
  });

  test('is the schema’s own where it has one, whatever its words', () => {
    const own = z.number().min(2, 'Too small a number of sockets').max(9, 'Too big');
    expect([wordsOf(own, 1), wordsOf(own, 10)]).toEqual([['Too small a number of sockets'], ['Too big']]);
  });

  test('asks for a number where none was typed', () => {
    expect(wordsOf(z.number(), 'nine')).toEqual(['a whole number is required']);
  });
});
