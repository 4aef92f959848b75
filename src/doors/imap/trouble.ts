// What goes wrong with the mailbox, in a closed list of words that tell an operator what to do.
import type { Log } from '../../log.ts'
import type { Metrics } from '../../metrics.ts'

const advice = {
  'login-refused': 'the server refuses the user or the password of BOUNCE_IMAP_URL',
  'no-tls':
    'the server offers no STARTTLS, and a password goes unencrypted to this machine only: write imaps://…',
  'tls-failed':
    'the certificate must be valid for the host of BOUNCE_IMAP_URL; NODE_EXTRA_CA_CERTS names a CA of your own',
  'no-such-folder': 'the folder of BOUNCE_IMAP_URL is not there: make it, or leave it out for INBOX',
  'folder-is-read-only': 'the user of BOUNCE_IMAP_URL must be allowed to move messages out of the folder',
  'no-folder-of-ours':
    'Ayes/handled and Ayes/unmatched cannot be made: make them by hand, or allow it to the user',
  'move-refused': 'the server does not let messages be moved into Ayes/handled and Ayes/unmatched',
  'server-refused': 'the server refused a command',
  unreachable: 'no IMAP server answers at the host and port of BOUNCE_IMAP_URL',
  'connection-lost': 'the connection ended; what was not moved is read again',
  'database-away': 'nothing is moved before the database has it',
  unexpected: 'an error that Ayes did not foresee; the mailbox is looked into again',
} as const

export type Why = keyof typeof advice

export class ImapTrouble extends Error {
  override readonly name = 'ImapTrouble'
  readonly why: Why

  constructor(why: Why, cause?: unknown) {
    super(advice[why], { cause })
    this.why = why
  }
}

const neverConnected =
  /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|CONNECT_TIMEOUT|GREETING_TIMEOUT)$/
const aboutTls = /SSL|TLS|CERT|SIGNATURE|EPROTO/

export function whyOf(error: unknown): Why {
  if (error instanceof ImapTrouble) return error.why
  if (!(error instanceof Error)) return 'server-refused'
  const of = (name: string): unknown => Reflect.get(error, name)
  if (of('authenticationFailed') === true) return 'login-refused'
  const code = String(of('code') ?? '')
  if (of('tlsFailed') === true) return /STARTTLS/.test(error.message) && code === '' ? 'no-tls' : 'tls-failed'
  if (aboutTls.test(code)) return 'tls-failed'
  if (of('mailboxMissing') === true) return 'no-such-folder'
  if (neverConnected.test(code)) return 'unreachable'
  if (of('responseStatus') === 'NO' || of('responseStatus') === 'BAD') return 'server-refused'
  return code === '' ? 'unexpected' : 'connection-lost'
}

/** Milliseconds. A password that is wrong stays wrong: servers lock out who tries it again and again. */
export type Pauses = { first: number; firstAfterLogin: number; longest: number; longestForDatabase: number }

export const usualPauses: Pauses = {
  first: 2_000,
  firstAfterLogin: 30_000,
  longest: 300_000,
  longestForDatabase: 30_000,
}

export type TroubleWatch = {
  /** Says it where it is news, and gives the milliseconds to wait. */
  met(error: unknown): number
  over(): void
}

type Deps = { log: Log; metrics: Metrics; server: string; pauses: Pauses }

/** One line when trouble begins or turns into another one, and one when it is over. */
export function openTroubleWatch({ log, metrics, server, pauses }: Deps): TroubleWatch {
  let times = 0
  let last: Why | null = null
  metrics.imapTrouble(false)

  return {
    met(error) {
      const why = whyOf(error)
      const cause = error instanceof ImapTrouble ? error.cause : error
      times = why === last ? times + 1 : 1
      if (why !== last) log.error('imap-trouble', { server, why, advice: advice[why], error: cause })
      last = why
      metrics.imapTrouble(true)
      const first = why === 'login-refused' ? pauses.firstAfterLogin : pauses.first
      const longest = why === 'database-away' ? pauses.longestForDatabase : pauses.longest
      return Math.min(first * 2 ** Math.min(times - 1, 20), longest)
    },
    over() {
      if (last === null) return
      times = 0
      last = null
      metrics.imapTrouble(false)
      log.info('imap-recovered', { server })
    },
  }
}
