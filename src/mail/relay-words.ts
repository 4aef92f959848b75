// What went wrong with the relay, in words for the admin. No address, user or password gets into them.
import { nameOf, type RelayTarget } from './relay-target.ts'

/** What the relay owes us: its greeting, or the answer to a command. */
export type Awaited = 'greeting' | 'login' | 'message' | (typeof commands)[number]

const commands = ['EHLO', 'HELO', 'STARTTLS', 'MAIL FROM', 'RCPT TO', 'DATA', 'RSET', 'QUIT'] as const

/** The command that a line to the relay begins with; AUTH and the lines after it are the login. */
export function commandOf(line: string): Awaited {
  return commands.find((command) => line.startsWith(command)) ?? 'login'
}

export function whyBroken(
  error: Error & { code?: string; originalCode?: string; response?: string },
  awaited: Awaited,
  target: RelayTarget,
): string {
  const relay = nameOf(target)
  if (error.message.startsWith('Connection closed'))
    return `${relay} closed the connection before ${due(awaited)}`
  if (error.response) {
    return awaited === 'greeting'
      ? `${relay} greeted with: ${error.response}`
      : `${relay} answered ${named(awaited)} with: ${error.response}`
  }
  // After the semicolon Node gives advice for its own command line.
  const words = describe(error).replace(/; .*$/s, '')
  if (/certificate|altnames/i.test(words)) {
    return `TLS with ${relay} failed: ${words} (its certificate must be valid for the host of SMTP_URL; NODE_EXTRA_CA_CERTS names a CA of your own)`
  }
  if (/ETLS|SSL|TLS|EPROTO\b/.test(`${error.code} ${error.originalCode}`))
    return `TLS with ${relay} failed: ${words}`
  return `the connection to ${relay} broke before ${due(awaited)}: ${words}`
}

export function whyLate(awaited: Awaited, target: RelayTarget, limit: number): string {
  return `${nameOf(target)} has not sent ${due(awaited)} within ${seconds(limit)}`
}

/** An error in one line; of a host with several addresses the errors of each. */
export function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ')
  return error instanceof Error ? error.message.trim() : String(error)
}

export function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`
}

/** Some servers repeat in their refusal what they were given. */
export function withoutSecret(text: string, secret: string): string {
  const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]
  return forms.reduce((rest, form) => (form.length < 4 ? rest : rest.replaceAll(form, '[secret]')), text)
}

function due(awaited: Awaited): string {
  return awaited === 'greeting' ? 'its greeting' : `its answer to ${named(awaited)}`
}

function named(awaited: Awaited): string {
  return awaited === 'login' || awaited === 'message' ? `the ${awaited}` : awaited
}
