// Strings as the contract counts them: in characters, where JavaScript counts UTF-16 units.
import { z } from '@hono/zod-openapi'

/** At most `most` characters. A lone surrogate, which no UTF-8 can hold, becomes U+FFFD. */
export function textUpTo(most: number) {
  return z
    .string()
    .overwrite((text) => text.toWellFormed())
    .refine((text) => isWithin(text, most), `at most ${most} characters are accepted`)
    .openapi({ maxLength: most })
}

function isWithin(text: string, most: number): boolean {
  return text.length <= most || (text.length <= most * 2 && [...text].length <= most)
}

/** A moment as answers hold it: ISO 8601 in UTC. */
export const moment = z.iso.datetime().openapi({ example: '2026-01-31T09:30:00.000Z' })
