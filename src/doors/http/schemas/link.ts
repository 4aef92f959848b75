// Answers behind the links of letters, and those of the operation's own paths.
import { z } from '@hono/zod-openapi'
import { categories } from '../../../core/bounce/category.ts'

export const unsubscribeAnswer = z
  .object({ status: z.literal('unsubscribed'), list: z.string().optional(), email: z.string().optional() })
  .openapi('Unsubscribed')

export const declineAnswer = z
  .object({ status: z.enum(['declined', 'undone']), list: z.string(), email: z.string() })
  .openapi('Declined')

export const bounceAnswer = z
  .object({
    matched: z.boolean().openapi({ description: 'Whether the report is about a letter of ours.' }),
    category: z.enum(categories).nullable(),
  })
  .openapi('BounceTaken')

export const webhookAnswer = z
  .object({
    received: z.number().int().openapi({ description: 'Events that say something about a letter.' }),
    matched: z.number().int().openapi({ description: 'Those of them that are about letters of ours.' }),
  })
  .openapi('EventsTaken')

export const aliveAnswer = z.object({ status: z.literal('alive') })
export const readyAnswer = z.object({ status: z.literal('ready') })
