// How letters leave: through a relay or into the dev mailbox, from whom, and where their bounces go.
import { createPrivateKey } from 'node:crypto'
import { isIPv4 } from 'node:net'
import { asMailDomain, isHostName } from './host-name.ts'
import { isLoopback } from './http.ts'
import { type FileRules, readFileSetting } from './key-file.ts'
import { readBounceAddress, readMailFrom } from './mail-address.ts'
import type { Reading, Settings } from './settings.ts'
import type { Dkim, HttpConfig, MailConfig } from './shape.ts'
import { inWords, oneOf, wholeNumber } from './values.ts'
import { webhookNames } from './webhooks.ts'

export type ReadFile = (path: string) => string

type Deps = { settings: Settings; readFile: ReadFile }

// Key lengths that receivers accept: RFC 8301, section 3.2.
const shortestDkimKey = 1_024

export function readMail({ settings, readFile }: Deps, http: HttpConfig): MailConfig {
  const mailbox = settings.read('DEV_MAILBOX', 'local' as const, oneOf(['local', 'exposed']))
  const mail: MailConfig = {
    smtpUrl: settings.readSecret('SMTP_URL', null, readSmtpUrl),
    smtpName: settings.read('SMTP_NAME', nameOf(http.publicUrl), readSmtpName),
    from: settings.read('MAIL_FROM', { name: 'Ayes', address: 'ayes@localhost' }, readMailFrom),
    dkim: readDkim({ settings, readFile }),
    bounceAddress: settings.read('BOUNCE_ADDRESS', null, readBounceAddress),
    concurrency: settings.read('SEND_CONCURRENCY', 10, wholeNumber(1, 1_000)),
    devMailbox: settings.isSet('SMTP_URL') ? 'off' : mailbox,
  }
  if (settings.isSet('SMTP_URL')) checkRelay(settings, http)
  else checkDevMailbox(settings, http, mailbox)
  return mail
}

/** With none of these, what comes back goes where Ayes does not see it. */
const doorsForBounces = [
  'BOUNCE_ADDRESS',
  'BOUNCE_TOKEN',
  'BOUNCE_LISTEN',
  'BOUNCE_IMAP_URL',
  ...webhookNames,
]

function checkRelay(settings: Settings, http: HttpConfig): void {
  if (!settings.isSet('MAIL_FROM')) {
    settings.mistakes.push(
      'MAIL_FROM is not set, but letters go out through SMTP_URL: write who they are from, such as Example News <news@example.com>',
    )
  }
  if (!doorsForBounces.some((name) => settings.isSet(name))) {
    settings.warnings.push(
      'BOUNCE_ADDRESS is not set: letters that come back go to the address of MAIL_FROM, where Ayes does not see them. Write bounces@example.com, or hand such messages to POST /bounces/message and set BOUNCE_TOKEN',
    )
  }
  if (http.publicUrl === null || isLoopback(new URL(http.publicUrl).hostname.replace(/^\[|\]$/g, ''))) {
    settings.warnings.push(
      `PUBLIC_URL is ${http.publicUrl ?? 'not set'}: links in letters open on this machine only. Write the address under which browsers reach the service`,
    )
  }
  if (settings.isSet('DEV_MAILBOX')) {
    settings.warnings.push(
      'DEV_MAILBOX has no effect while SMTP_URL is set: there is no dev mailbox then. Leave it out',
    )
  }
}

function checkDevMailbox(settings: Settings, http: HttpConfig, mailbox: 'local' | 'exposed'): void {
  if (http.publicUrl?.startsWith('https:') === true) {
    settings.mistakes.push(
      'SMTP_URL is not set, but PUBLIC_URL is https, so real visitors would wait for letters that stay in the dev mailbox: write smtp://user:password@host:587',
    )
  }
  if (mailbox !== 'exposed' && !isLoopback(http.host)) {
    settings.mistakes.push(
      `SMTP_URL is not set, but HOST ${http.host} can be reached from other machines, and letters would stay in the dev mailbox: write smtp://user:password@host:587, or DEV_MAILBOX=exposed for a trial`,
    )
  }
}

function readSmtpUrl(text: string): Reading<string> {
  const instead =
    'smtp://user:password@host:587 or smtps://user:password@host:465, with signs such as @ / # % in the password percent-encoded'
  const wrong = (problem: string): Reading<string> => ({ kind: 'wrong', problem, instead })
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:')) {
    return wrong('is not an smtp:// or smtps:// address')
  }
  if (url.hostname === '') return wrong('names no host')
  if (url.port === '0') return wrong('has 0 for a port')
  if ((url.pathname !== '' && url.pathname !== '/') || url.search !== '' || url.hash !== '') {
    return wrong('goes on after the host and port')
  }
  if (url.username === '' && url.password !== '') return wrong('has a password but no user')
  if (!decodes(url.username) || !decodes(url.password))
    return wrong('has a % that begins no percent-encoding')
  return { kind: 'value', value: text }
}

function readSmtpName(text: string): Reading<string> {
  const name = text.toLowerCase()
  if (isHostName(name) || /^\[[0-9a-f:.]+\]$/.test(name)) return { kind: 'value', value: name }
  return {
    kind: 'wrong',
    problem: 'is not a host name',
    instead: 'the name of this host, such as mail.example.com',
  }
}

/** The host of `publicUrl` as EHLO carries it: RFC 5321, section 4.1.3 wants addresses as literals. */
function nameOf(publicUrl: string | null): string {
  const host = publicUrl === null ? 'localhost' : new URL(publicUrl).hostname
  if (isIPv4(host)) return `[${host}]`
  return host.startsWith('[') ? host.replace('[', '[IPv6:') : host
}

function readDkim({ settings, readFile }: Deps): Dkim | null {
  const names = ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_KEY_FILE']
  const missing = names.filter((name) => !settings.isSet(name))
  if (missing.length === names.length) return null
  if (missing.length > 0) {
    const given = names.filter((name) => settings.isSet(name))
    settings.mistakes.push(
      `${inWords(missing, 'and')} ${missing.length === 1 ? 'is' : 'are'} not set, but ${inWords(given, 'and')} ${given.length === 1 ? 'is' : 'are'}: write all three to sign letters, or none`,
    )
  }
  const domain = settings.read('DKIM_DOMAIN', null, (text) => dnsName(asMailDomain(text), 'example.com'))
  const selector = settings.read('DKIM_SELECTOR', null, (text) => dnsName(asMailDomain(text), 'mail2026'))
  const privateKey = settings.read('DKIM_KEY_FILE', null, readFileSetting(readFile, dkimKey))
  return domain !== null && selector !== null && privateKey !== null ? { domain, selector, privateKey } : null
}

function dnsName(name: string | null, example: string): Reading<string> {
  if (name !== null) return { kind: 'value', value: name }
  return { kind: 'wrong', problem: 'is not a name in the DNS', instead: `such a name, ${example} for one` }
}

const dkimKey: FileRules = {
  problemIn(text) {
    const key = createPrivateKey(text)
    if (key.asymmetricKeyType !== 'rsa') return `holds a key of type ${key.asymmetricKeyType}, not RSA`
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    return bits < shortestDkimKey ? `holds a key below ${shortestDkimKey} bits` : null
  },
  none: 'holds no private key without a passphrase',
  instead: `the path of an RSA private key in PEM, such as "openssl genrsa -out dkim.pem 2048" makes`,
}

function decodes(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
