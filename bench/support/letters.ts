// Confirmation letters as the service renders them, for senders that are measured beside it.
import { join } from 'node:path'
import { openKeyRing } from '../../src/core/keys.ts'
import { makeLinkToken, makeReturnToken } from '../../src/core/tokens.ts'
import { openTemplates } from '../../src/templates.ts'
import { secretKey } from './service-process.ts'

export type PlainLetter = {
  from: string
  to: string
  envelopeFrom: string
  messageId: string
  token: string
  subject: string
  text: string
  html: string
}

export const recipient = (n: number) => `visitor.${n}@example.net`

/** Rendered before anything is timed. */
export async function renderLetters(count: number): Promise<PlainLetter[]> {
  const templates = await openTemplates(join(import.meta.dirname, '..', '..', 'templates'))
  const key = openKeyRing(secretKey, []).current
  const list = { slug: 'default', name: 'Newsletter', organisation: null, consent: null, privacyUrl: null }
  return Array.from({ length: count }, (_, n) => {
    const id = `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
    const token = makeReturnToken(key, id)
    const words = templates.letter('confirmation', 'en', {
      list,
      confirmUrl: `http://localhost:3000/confirm/${makeLinkToken(key, 'confirm', id)}`,
      notMeUrl: `http://localhost:3000/not-me/${makeLinkToken(key, 'not-me', id)}`,
      confirmWithin: 7 * 86_400,
    })
    return {
      ...words,
      token,
      from: 'Bench <bench@example.com>',
      to: recipient(n),
      envelopeFrom: `bounces+${token}@example.com`,
      messageId: `${token}@example.com`,
    }
  })
}
