import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { SessionFolder } from '#support/imports.ts';
import { logOf } from '#support/new-format.ts';
