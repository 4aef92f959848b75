import { z } from '@hono/zod-openapi'
import { problemSchema } from './problem.ts'

const hex = z.string().openapi({ description: 'Bytes in hex.' })

export const challengeSchema = z
  .object({
    parameters: z.object({
      algorithm: z.literal('PBKDF2/SHA-256'),
      cost: z.int().openapi({ description: 'Rounds of PBKDF2 for each try.' }),
      keyLength: z.int(),
      keyPrefix: hex.openapi({ description: 'The key must begin so, in hex.' }),
      nonce: hex.openapi({ description: 'In front of the counter (four bytes, big endian): the password.' }),
      salt: hex,
      expiresAt: z.int().openapi({ description: 'Seconds since 1970.' }),
      data: z.object({ key: z.string(), at: z.int().openapi({ description: 'Milliseconds since 1970.' }) }),
    }),
    signature: hex,
  })
  .openapi('Challenge', { description: 'ALTCHA’s challenge, version 2.' })

export const proofAskedSchema = problemSchema
  .extend({
    code: z.literal('proof-of-work'),
    reason: z.enum(['missing', 'too-early', 'expired', 'spent', 'invalid']),
    challenge: challengeSchema,
  })
  .openapi('ProofAsked')
