import { z } from 'zod';

// The page's policy forbids `eval`. Without this setting zod tries it when the first schema is created: the violation is
// reported, and the exception costs a parse of the whole bundle.
z.config({ jitless: true });
