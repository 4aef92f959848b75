import { z } from '@hono/zod-openapi'

export const wordsQuery = z.object({
  list: z.string().optional().openapi({ description: 'The slug; `default` unless given.' }),
  locale: z.string().optional().openapi({ description: 'BCP 47; else Accept-Language, else the list.' }),
})

export const wordsAnswer = z
  .object({
    locale: z.string(),
    list: z.string().openapi({ description: 'The name of the list.' }),
    words: z.record(z.string(), z.string()).openapi({
      description: 'Plain text; `{email}` and the like are for the script to fill.',
    }),
    inboxes: z.array(z.object({ name: z.string(), url: z.string(), domains: z.array(z.string()) })),
  })
  .openapi('FormWords')
