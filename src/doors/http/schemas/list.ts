// A list as the admin sets it. Names and addresses end up in the headers of letters, so no line break gets in.
import { z } from '@hono/zod-openapi'
import { readDomainName } from '../../../core/address/domain-name.ts'
import { readAddress } from '../../../core/address.ts'
import { readOrigin } from '../../../core/origin.ts'
import { endingOf } from '../../../core/suggestion/ending.ts'
import { readMailbox } from '../../../flows/read-mailbox.ts'
import { textUpTo } from './text.ts'

const controlCharacter = /[\p{Cc}\u2028\u2029]/u
const controlButLineBreak = /[^\P{Cc}\n\r\t]/u

function oneLine(most: number) {
  return textUpTo(most)
    .trim()
    .refine((text) => !controlCharacter.test(text), 'control characters and line breaks are not accepted')
}

/** null clears the field, and so does nothing but space. */
function clearable<S extends z.ZodType<string>>(schema: S) {
  const isEmpty = (value: unknown) => typeof value === 'string' && value.trim() === ''
  return z.preprocess((value) => (isEmpty(value) ? null : value), schema.nullable())
}

function isWebAddress(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:')
}

/** https, or http to this machine itself: a confirmation is not told to whoever listens on the way. */
function isSafeTarget(text: string): boolean {
  const url = URL.parse(text)
  if (url?.protocol === 'https:') return true
  const isLoopback = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '')
  return url?.protocol === 'http:' && isLoopback
}

function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1
  } catch {
    return false
  }
}

const emailOf = (text: string) => {
  const reading = readAddress(text)
  return reading.kind === 'address' ? reading.address.email : null
}

const name = oneLine(200).refine((text) => text.trim() !== '', 'a name is needed')
const locale = oneLine(35).refine(isLocale, 'it is no language tag (BCP 47), such as en or pt-BR')
const from = oneLine(320).refine(
  (text) => readMailbox(text) !== null,
  'write it as Name <address> or as an address',
)
const replyTo = oneLine(320).refine((text) => emailOf(text) !== null, 'it is no address')
const confirmedUrl = oneLine(2_000).refine(
  isSafeTarget,
  'it must be absolute and begin with https://, or lead to this machine',
)
const privacyUrl = oneLine(2_000).refine(
  isWebAddress,
  'it must be absolute and begin with https:// or http://',
)
const consent = textUpTo(2_000).refine(
  (text) => !controlButLineBreak.test(text),
  'control characters are not accepted',
)

const mostSuggested = 300
const suggestDomains = z
  .array(z.string())
  .max(mostSuggested)
  .nullable()
  .transform((names, context) => {
    const read = (names ?? []).map((name) => readDomainName(name.trim()))
    for (const [index, reading] of read.entries()) {
      if (reading.kind === 'domain' && endingOf(reading.ascii).name !== '') continue
      context.addIssue({ code: 'custom', message: `entry ${index + 1} is no domain of somebody’s own` })
    }
    return [...new Set(read.flatMap((reading) => (reading.kind === 'domain' ? [reading.ascii] : [])))]
  })

const mostOrigins = 50
const allowedOrigins = z
  .array(textUpTo(300))
  .max(mostOrigins)
  .nullable()
  .transform((sites, context) => {
    if (sites === null) return null
    const read = sites.map((site) => readOrigin(site.trim()))
    const wrong = read.indexOf(null)
    if (wrong === -1) return [...new Set(read.filter((origin) => origin !== null))]
    const message = `entry ${wrong + 1} is no site: write https://www.example.com, without a path or a star`
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })

const nullableText = { type: ['string', 'null'] } satisfies { type: ['string', 'null'] }

/** PUT /api/lists/{slug}: what is absent stays, null clears. */
export const listInput = z
  .object({
    name: name.openapi({ description: 'What letters and pages call the list.' }),
    locale: locale.openapi({
      description: 'BCP 47: the language of those who wish for none.',
      example: 'en',
    }),
    from: clearable(from).openapi({
      ...nullableText,
      description: 'The From of its letters: `Name <address>` or an address; null: `MAIL_FROM`.',
    }),
    reply_to: clearable(replyTo.transform((text) => emailOf(text) ?? text)).openapi(nullableText),
    confirmed_url: clearable(confirmedUrl).openapi({
      ...nullableText,
      description: 'Where a confirmed visitor is sent: https, or http to this machine.',
    }),
    organisation: clearable(oneLine(200)).openapi({
      ...nullableText,
      description: 'Who sends: named in every letter.',
    }),
    privacy_url: clearable(privacyUrl).openapi({
      ...nullableText,
      description: 'Linked from the form and the letters.',
    }),
    consent: clearable(consent).openapi({
      ...nullableText,
      description: 'What a subscriber agrees to. Other words become a new version; signups keep theirs.',
    }),
    suggest_domains: suggestDomains.openapi({
      description:
        'Mail domains that are suggested at this list beside the large providers and those of `SUGGEST_DOMAINS`, and that are never questioned.',
    }),
    allowed_origins: allowedOrigins.openapi({
      type: ['array', 'null'],
      items: { type: 'string' },
      maxItems: mostOrigins,
      description:
        'Sites whose forms and scripts may sign up here and whose frames may show the form; none: our own pages only; null: `ALLOWED_ORIGINS`.',
      example: ['https://www.example.com'],
    }),
  })
  .partial()
  .openapi('ListInput')

const count = z.int().min(0)
export const listAnswer = z
  .object({
    slug: z.string(),
    name: z.string(),
    locale: z.string(),
    from: z.string().nullable(),
    reply_to: z.string().nullable(),
    confirmed_url: z.string().nullable(),
    organisation: z.string().nullable(),
    privacy_url: z.string().nullable(),
    consent: z.string().nullable(),
    suggest_domains: z.array(z.string()),
    allowed_origins: z.array(z.string()).nullable(),
    consent_version: count.openapi({ description: '0 while the list has no words of consent.' }),
    counts: z
      .object({
        pending: count,
        confirmed: count,
        unsubscribed: count,
        invalid: count,
        declined: count,
        expired: count,
        replaced: count,
      })
      .openapi({ description: 'Signups by state.' }),
  })
  .openapi('List')
