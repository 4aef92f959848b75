import { z } from '@hono/zod-openapi'

export const suggestionSchema = z
  .object({
    email: z.string(),
    domain: z.string(),
    reason: z.enum(['typo', 'domain-takes-no-mail', 'format']),
  })
  .openapi('Suggestion', { description: 'What the visitor probably meant.' })

export const suggestionQuery = z.object({
  email: z.string().optional().openapi({ example: 'ann@gmial.com' }),
  domain: z.string().optional().openapi({ example: 'gmial.com' }),
  list: z.string().optional().openapi({
    description:
      'The list that the address is for: its own domains are suggested too. Unknown: as without it.',
  }),
  locale: z.string().optional().openapi({
    description: 'BCP 47; else the Accept-Language header decides, else the list.',
    example: 'de',
  }),
})

// A named schema made nullable would be written as one that allows no null.
const suggested = z.union([suggestionSchema, z.null()])
export const suggestionAnswer = z
  .union([
    z.object({ email: z.string(), suggestion: suggested }),
    z.object({ domain: z.string(), suggestion: suggested }),
  ])
  .openapi('SuggestionAnswer')
