import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'

/** Milliseconds. `command` is the longest wait for any one answer, `message` for the one to the end of the letter. */
export type Timeouts = { connect: number; greeting: number; command: number; message: number; idle: number }

// RFC 5321, section 4.5.3.2 wants ten minutes at the end of the data; the rest is shorter than it allows, since
// a visitor is waiting. An idle connection is closed before most servers would do it.
export const usualTimeouts: Timeouts = {
  connect: 30_000,
  greeting: 30_000,
  command: 60_000,
  message: 600_000,
  idle: 60_000,
}

/** Where the relay is and who we are to it. `secure`: TLS from the first byte, not by STARTTLS. */
export type RelayTarget = {
  host: string
  port: number
  secure: boolean
  login: { user: string; password: string } | null
  name: string
  timeouts: Timeouts
  /** Told of every answer as it comes, and of the connection itself. */
  observe?: ((step: RelayStep) => void) | undefined
}

/**
 * `step` is connection, TLS, or what was answered: greeting, EHLO, login, MAIL FROM … `answer` is all lines of what the
 * relay said; for TLS its version; null where there is none, as for a connection.
 */
export type RelayStep = { step: string; answer: string | null }

/** Reads smtp:// and smtps:// URLs; port 465 is TLS from the first byte either way. Errors hold no part of the URL. */
export function readRelayUrl(text: string): Pick<RelayTarget, 'host' | 'port' | 'secure' | 'login'> {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '') {
    throw new Error('the relay must be given as smtp://host:port or smtps://user:password@host:port')
  }
  const [host, user, password] = [url.hostname, url.username, url.password].map(decoded)
  if (host === undefined || user === undefined || password === undefined) {
    throw new Error('the URL of the relay has a % that begins no percent-encoding')
  }
  const secure = url.protocol === 'smtps:' || url.port === '465'
  const bare = host.replace(/^\[|\]$/g, '')
  return {
    host: isIP(bare) === 0 ? domainToASCII(bare) || bare : bare,
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    login: user === '' ? null : { user, password },
  }
}

/** How the relay is called in words for the admin; never with its login. */
export function nameOf({ host, port }: Pick<RelayTarget, 'host' | 'port'>): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`
}

export function isOnThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
