// What the operator said, checked as a whole before anything is opened.
import { readBounceListener } from './config/bounce-listener.ts'
import { readDns } from './config/dns.ts'
import { readHttp } from './config/http.ts'
import { readImap } from './config/imap.ts'
import { type ReadFile, readMail } from './config/mail.ts'
import { readReporting } from './config/reporting.ts'
import { readSecrets } from './config/secrets.ts'
import { type Environment, openSettings, type Reading, type Settings } from './config/settings.ts'
import type { Config, Role, TimesConfig } from './config/shape.ts'
import { readSuggestion } from './config/suggestion.ts'
import { noteUnknownNames } from './config/unknown-names.ts'
import { duration, oneOf, rate, someOf } from './config/values.ts'
import { readVisitor } from './config/visitor.ts'
import { readWebhooks, webhookSecrets } from './config/webhooks.ts'

export { readEnvironment } from './config/environment.ts'
export { isLoopback } from './config/http.ts'
export type * from './config/shape.ts'

export type ConfigReading =
  | { kind: 'config'; config: Config; warnings: string[] }
  | { kind: 'mistakes'; mistakes: string[] }

const allRoles: readonly Role[] = ['http', 'send', 'bounces', 'purge']

/** Pure: the environment and the files that settings may name come in as arguments. */
export function readConfig(env: Environment, readFile: ReadFile): ConfigReading {
  const settings = openSettings(env)
  const http = readHttp(settings)
  const config: Config = {
    http,
    dataDir: settings.text('DATA_DIR') ?? './data',
    templatesDir: settings.text('TEMPLATES_DIR'),
    databaseUrl: settings.readSecret('DATABASE_URL', null, readDatabaseUrl),
    mail: readMail({ settings, readFile }, http),
    bounceListener: readBounceListener({ settings, readFile }),
    imap: readImap(settings),
    webhooks: readWebhooks(settings),
    dns: readDns(settings),
    suggestion: readSuggestion(settings),
    limits: {
      signupsPerClient: settings.read('SIGNUPS_PER_CLIENT', { count: 20, seconds: 600 }, rate),
      lettersPerList: settings.read('LETTERS_PER_LIST', { count: 3, seconds: 86_400 }, rate),
      lettersPerMailbox: settings.read('LETTERS_PER_MAILBOX', { count: 10, seconds: 86_400 }, rate),
    },
    times: readTimes(settings),
    reporting: readReporting(settings),
    visitor: readVisitor(settings),
    secrets: readSecrets(settings),
    roles: readRoles(settings),
    logLevel: settings.read('LOG_LEVEL', 'info' as const, oneOf(['debug', 'info', 'warn', 'error'])),
  }
  noteUnknownNames(settings, Object.keys(env))
  if (settings.mistakes.length > 0) return { kind: 'mistakes', mistakes: settings.mistakes }
  return { kind: 'config', config: frozen(config), warnings: settings.warnings }
}

/** Every secret that the settings hold, for the log to hide should one turn up in an error's words. */
export function secretsIn(config: Config): string[] {
  const passwords = [config.databaseUrl, config.mail.smtpUrl].flatMap((text) => {
    const password = text === null ? '' : (URL.parse(text)?.password ?? '')
    return [password, decodeURIComponent(password)]
  })
  const { adminToken, secretKey, oldSecretKeys, bounceToken, metricsToken } = config.secrets
  const certificateKey = config.bounceListener?.certificate?.key
  const all = [
    adminToken,
    secretKey,
    ...oldSecretKeys,
    bounceToken,
    metricsToken,
    certificateKey,
    config.imap?.password,
    ...webhookSecrets(config.webhooks),
    ...passwords,
  ]
  return [...new Set(all.filter((secret) => typeof secret === 'string'))].filter((secret) => secret !== '')
}

function readTimes(settings: Settings): TimesConfig {
  const day = 86_400
  return {
    confirmWithin: settings.read('CONFIRM_WITHIN', 7 * day, duration),
    forgetAfter: settings.read('FORGET_AFTER', 30 * day, duration),
    keepIp: settings.read('KEEP_IP', 90 * day, duration),
    keepUnsubscribed: settings.read('KEEP_UNSUBSCRIBED', 3 * 365 * day, duration),
    suppressFor: settings.read('SUPPRESS_FOR', 180 * day, duration),
  }
}

function readRoles(settings: Settings): readonly Role[] {
  const roles = settings.read('ROLES', allRoles, (text) =>
    text === 'all' ? { kind: 'value', value: allRoles } : someOf(allRoles)(text),
  )
  if (roles.length < allRoles.length && !settings.isSet('DATABASE_URL')) {
    settings.mistakes.push(
      `ROLES is ${roles.join(',')}, but DATABASE_URL is not set, so no other process could take the rest: write all, or give every process the same DATABASE_URL`,
    )
  }
  return roles
}

function readDatabaseUrl(text: string): Reading<string> {
  const instead =
    'postgres://user:password@host:5432/database, with signs such as @ / # % in the password percent-encoded'
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')) {
    return { kind: 'wrong', problem: 'is not a postgres:// address', instead }
  }
  try {
    decodeURIComponent(url.username + url.password + url.hostname + url.pathname)
  } catch {
    return { kind: 'wrong', problem: 'has a % that begins no percent-encoding', instead }
  }
  return { kind: 'value', value: text }
}

function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) frozen(part)
  return Object.freeze(value)
}
