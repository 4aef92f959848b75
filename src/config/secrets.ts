// Tokens and keys. Nothing here ever prints a value.
import type { Reading, Settings } from './settings.ts'
import type { SecretsConfig } from './shape.ts'
import { splitList } from './values.ts'

const shortestToken = 24
const shortestKey = 32

export function readSecrets(settings: Settings): SecretsConfig {
  const secrets: SecretsConfig = {
    adminToken: settings.readSecret('ADMIN_TOKEN', null, readAdminToken),
    secretKey: settings.readSecret('SECRET_KEY', null, readKey),
    oldSecretKeys: settings.readSecret('SECRET_KEYS_OLD', [], readOldKeys),
    bounceToken: settings.readSecret('BOUNCE_TOKEN', null, readToken),
    metricsToken: settings.readSecret('METRICS_TOKEN', null, readToken),
  }
  if (settings.isSet('DATABASE_URL')) requireBoth(settings)
  checkThatTheyDiffer(settings)
  warnAboutWeakOnes(settings)
  return secrets
}

// Several processes may share that database: each would generate secrets of its own and refuse the others' links.
function requireBoth(settings: Settings): void {
  if (!settings.isSet('ADMIN_TOKEN')) {
    settings.mistakes.push(
      `ADMIN_TOKEN is not set, which DATABASE_URL requires: write at least ${shortestToken} characters, such as "openssl rand -hex 24" prints`,
    )
  }
  if (!settings.isSet('SECRET_KEY')) {
    settings.mistakes.push(
      `SECRET_KEY is not set, which DATABASE_URL requires: write at least ${shortestKey} characters, such as "openssl rand -hex 32" prints`,
    )
  }
}

function checkThatTheyDiffer(settings: Settings): void {
  const names = ['ADMIN_TOKEN', 'SECRET_KEY', 'BOUNCE_TOKEN', 'METRICS_TOKEN']
  for (const [at, name] of names.entries()) {
    const same = names
      .slice(0, at)
      .find((other) => settings.isSet(name) && settings.text(name) === settings.text(other))
    if (same !== undefined) {
      settings.mistakes.push(
        `${name} is the same as ${same}, so who is given one holds the other: write a value of its own, such as "openssl rand -hex 32" prints`,
      )
    }
  }
}

function warnAboutWeakOnes(settings: Settings): void {
  for (const name of ['BOUNCE_TOKEN', 'METRICS_TOKEN']) {
    const length = settings.text(name)?.length ?? shortestToken
    if (length < shortestToken) {
      settings.warnings.push(
        `${name} has ${length} characters, which can be guessed: write at least ${shortestToken}, such as "openssl rand -hex 24" prints`,
      )
    }
  }
  if (settings.text('SECRET_KEY')?.includes(',') === true) {
    settings.warnings.push(
      'SECRET_KEY holds a comma, so it can never be listed in SECRET_KEYS_OLD: write one without',
    )
  }
}

function readToken(text: string): Reading<string> {
  if (/^[\x21-\x7e]+$/.test(text)) return { kind: 'value', value: text }
  return {
    kind: 'wrong',
    problem: 'holds a space or a sign that a bearer token cannot carry',
    instead: 'letters, digits and signs of ASCII, such as "openssl rand -hex 24" prints',
  }
}

function readAdminToken(text: string): Reading<string> {
  const instead = `at least ${shortestToken} characters, such as "openssl rand -hex 24" prints`
  return longEnough(text, shortestToken, instead) ?? readToken(text)
}

function readKey(text: string): Reading<string> {
  const instead = `at least ${shortestKey} characters, such as "openssl rand -hex 32" prints`
  return longEnough(text, shortestKey, instead) ?? { kind: 'value', value: text }
}

function readOldKeys(text: string): Reading<readonly string[]> {
  const keys = [...new Set(splitList(text))]
  const short = keys.findIndex((key) => key.length < shortestKey)
  if (short === -1) return { kind: 'value', value: keys }
  return {
    kind: 'wrong',
    problem: `has fewer than ${shortestKey} characters in key number ${short + 1}`,
    instead: 'the former values of SECRET_KEY whole, with commas between them',
  }
}

function longEnough(text: string, least: number, instead: string): Reading<never> | null {
  if (text.length >= least) return null
  return {
    kind: 'wrong',
    problem: `has ${text.length} ${text.length === 1 ? 'character' : 'characters'}`,
    instead,
  }
}
