// Collections: a page of items, and a cursor that leads to the next.
import { z } from '@hono/zod-openapi'

const mostItems = 200

export const pageQuery = z.object({
  limit: z
    .string()
    .regex(/^\d{1,3}$/, `it must be a number from 1 to ${mostItems}`)
    .transform(Number)
    .pipe(z.int().min(1).max(mostItems))
    .default(50)
    .openapi({ type: 'integer', minimum: 1, maximum: mostItems, default: 50 }),
  cursor: z.string().optional().openapi({ description: '`next` of the page before.' }),
})

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}
