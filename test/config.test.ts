import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type Config, readConfig, readEnvironment, secretsIn } from '../src/config.ts'
import { providers } from '../src/core/bounce/door.ts'

const noFile = (path: string): string => {
  throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' })
}

function configFrom(env: Record<string, string | undefined>): Config {
  const reading = readConfig(env, noFile)
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join('\n'))
  return reading.config
}

function mistakesFrom(env: Record<string, string | undefined>, readFile = noFile): string[] {
  const reading = readConfig(env, readFile)
  return reading.kind === 'mistakes' ? reading.mistakes : []
}

function warningsFrom(env: Record<string, string | undefined>): string[] {
  const reading = readConfig(env, noFile)
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join('\n'))
  return reading.warnings
}

const secrets = { ADMIN_TOKEN: 'a'.repeat(24), SECRET_KEY: 'k'.repeat(32) }
const relay = { SMTP_URL: 'smtp://relay.example', MAIL_FROM: 'News <news@example.com>' }

describe('without any setting', () => {
  test('everything has the default of the contract', () => {
    expect(configFrom({})).toEqual({
      http: {
        port: 3000,
        host: '127.0.0.1',
        publicUrl: 'http://localhost:3000',
        trustProxy: 0,
        allowedOrigins: '*',
      },
      dataDir: './data',
      templatesDir: null,
      databaseUrl: null,
      mail: {
        smtpUrl: null,
        smtpName: 'localhost',
        from: { name: 'Ayes', address: 'ayes@localhost' },
        dkim: null,
        bounceAddress: null,
        concurrency: 10,
        devMailbox: 'local',
      },
      limits: {
        signupsPerClient: { count: 20, seconds: 600 },
        lettersPerList: { count: 3, seconds: 86_400 },
        lettersPerMailbox: { count: 10, seconds: 86_400 },
      },
      times: {
        confirmWithin: 7 * 86_400,
        forgetAfter: 30 * 86_400,
        keepIp: 90 * 86_400,
        keepUnsubscribed: 1_095 * 86_400,
        suppressFor: 180 * 86_400,
      },
      ...{ bounceListener: null, imap: null, dns: { check: false, servers: null } },
      webhooks: Object.fromEntries(providers.map((provider) => [provider, null])),
      reporting: { bounceRateLimit: 0.03, guard: 'alarm', to: null },
      visitor: { confirmButton: 'auto', proofOfWork: { kind: 'auto', burst: null } },
      secrets: {
        adminToken: null,
        secretKey: null,
        oldSecretKeys: [],
        bounceToken: null,
        metricsToken: null,
      },
      suggestion: { domains: [], refuseDisposable: false },
      roles: ['http', 'send', 'bounces', 'purge'],
      logLevel: 'info',
    })
  })

  test('there is nothing to warn about', () => {
    expect(warningsFrom({})).toEqual([])
  })

  test('an empty string counts as not set', () => {
    const empty = Object.fromEntries(
      ['PORT', 'SMTP_URL', 'ADMIN_TOKEN', 'DKIM_DOMAIN', 'ROLES', 'BOUNCE_LISTEN', 'SMTP_USER', 'HOST'].map(
        (name) => [name, ' '],
      ),
    )
    expect(configFrom(empty)).toEqual(configFrom({}))
  })

  test('nothing can be changed afterwards', () => {
    const config = configFrom({})
    expect(Object.isFrozen(config) && Object.isFrozen(config.http) && Object.isFrozen(config.roles)).toBe(
      true,
    )
  })
})

describe('all mistakes at once', () => {
  test('each is named with its value and the way out', () => {
    const mistakes = mistakesFrom({
      PORT: 'abc',
      LOG_LEVEL: 'loud',
      CONFIRM_WITHIN: '7 days',
      SIGNUPS_PER_CLIENT: '0/10m',
      ADMIN_TOKEN: 'short',
      BOUNCE_ADRESS: 'bounces@example.com',
    })
    expect(mistakes).toHaveLength(6)
    expect(mistakes[0]).toMatch(/^PORT is "abc", which .*: write a number from 0 to 65535/)
    expect(mistakes.find((mistake) => mistake.startsWith('LOG_LEVEL'))).toContain(
      'write debug, info, warn or error',
    )
    expect(mistakes.find((mistake) => mistake.startsWith('CONFIRM_WITHIN'))).toContain(
      '90s, 10m, 24h, 7d or 3y',
    )
    expect(mistakes.find((mistake) => mistake.startsWith('SIGNUPS_PER_CLIENT'))).toContain('20/10m')
    expect(mistakes.find((mistake) => mistake.startsWith('ADMIN_TOKEN'))).toContain('at least 24')
    expect(mistakes.find((mistake) => mistake.startsWith('BOUNCE_ADRESS'))).toContain('write BOUNCE_ADDRESS')
  })

  test('no secret is ever printed', () => {
    const text = mistakesFrom({
      ADMIN_TOKEN: 'hunter2-admin',
      SECRET_KEY: 'hunter2-key',
      SECRET_KEYS_OLD: 'hunter2-old',
      BOUNCE_TOKEN: 'hunter2 bounce',
      METRICS_TOKEN: 'hunter2 metrics',
      SMTP_URL: 'smtp://user:hunter2/x@host',
      DATABASE_URL: 'mysql://user:hunter2@host/db',
      SMTP_PASSWORD: 'hunter2',
    })
    expect(text.length).toBeGreaterThanOrEqual(8)
    expect(text.join('\n')).not.toContain('hunter2')
  })

  test('a long or broken value is shown short and on one line', () => {
    const [mistake = ''] = mistakesFrom({ PORT: `x\n${'y'.repeat(5_000)}` })
    expect(mistake.length).toBeLessThan(300)
    expect(mistake).not.toContain('\n')
  })
})

describe('the database', () => {
  test('one of your own requires both secrets', () => {
    const url = 'postgres://ayes:secret@db/ayes'
    const mistakes = mistakesFrom({ DATABASE_URL: url })
    expect(mistakes.map((mistake) => mistake.split(' ')[0])).toEqual(['ADMIN_TOKEN', 'SECRET_KEY'])
    expect(configFrom({ DATABASE_URL: url, ...secrets }).databaseUrl).toBe(url)
  })

  test('a socket directory may stand in it', () => {
    for (const url of [
      'postgres://ayes@%2Fvar%2Frun%2Fpostgresql/ayes',
      'postgresql:///ayes?host=/var/run/postgresql',
    ]) {
      expect(configFrom({ DATABASE_URL: url, ...secrets }).databaseUrl).toBe(url)
    }
  })

  test('work is split only over a database that others can reach', () => {
    expect(mistakesFrom({ ROLES: 'http,send' })).toEqual([expect.stringContaining('DATABASE_URL is not set')])
    const split = configFrom({ ROLES: 'send, http', DATABASE_URL: 'postgres://db/ayes', ...secrets })
    expect(split.roles).toEqual(['http', 'send'])
    expect(configFrom({ ROLES: 'all' }).roles).toHaveLength(4)
    expect(configFrom({ ROLES: 'purge,bounces,send,http' }).roles).toHaveLength(4)
  })
})

describe('secrets', () => {
  test('they differ from each other', () => {
    const same = 's'.repeat(40)
    expect(mistakesFrom({ ADMIN_TOKEN: same, BOUNCE_TOKEN: same })).toEqual([
      expect.stringContaining('BOUNCE_TOKEN is the same as ADMIN_TOKEN'),
    ])
    expect(mistakesFrom({ SECRET_KEY: same, METRICS_TOKEN: same })).toHaveLength(1)
  })

  test('old keys come as a list, each as long as a key must be', () => {
    const [one, two] = ['1'.repeat(32), '2'.repeat(32)]
    expect(configFrom({ SECRET_KEYS_OLD: `${one}, ${two},${one}` }).secrets.oldSecretKeys).toEqual([one, two])
    expect(mistakesFrom({ SECRET_KEYS_OLD: `${one},short` })).toEqual([expect.stringContaining('number 2')])
  })

  test('short tokens for bounces and metrics are let through with a warning', () => {
    expect(warningsFrom({ BOUNCE_TOKEN: 'short', METRICS_TOKEN: 'm'.repeat(24) })).toEqual([
      expect.stringContaining('BOUNCE_TOKEN has 5 characters'),
    ])
  })

  test('passwords inside addresses count as secrets too', () => {
    const config = configFrom({
      ...secrets,
      ...relay,
      SMTP_URL: 'smtp://user:p%40ss@relay.example',
      DATABASE_URL: 'postgres://u:dbpass@db/ayes',
    })
    expect(secretsIn(config)).toEqual([secrets.ADMIN_TOKEN, secrets.SECRET_KEY, 'dbpass', 'p%40ss', 'p@ss'])
  })
})

describe('the environment', () => {
  test('what is set for real wins over the file, also when it is empty', () => {
    const file =
      '\uFEFFPORT=1\nexport HOST="0.0.0.0"\nSMTP_URL=smtp://relay.example # the relay\nLOG_LEVEL=\n'
    expect(readEnvironment({ PORT: '2', SMTP_URL: '' }, file)).toEqual({
      PORT: '2',
      HOST: '0.0.0.0',
      SMTP_URL: '',
      LOG_LEVEL: '',
    })
    expect(readEnvironment({ PORT: '2' }, null)).toEqual({ PORT: '2' })
  })
})

// Here so that one key pair serves this file: RSA keys take their time.
describe('signing letters', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const pem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const all = { DKIM_DOMAIN: 'Example.com', DKIM_SELECTOR: 's1', DKIM_KEY_FILE: '/keys/dkim.pem' }

  test('takes a domain, a selector and the key in the file', () => {
    const reading = readConfig(all, (path) => (path === '/keys/dkim.pem' ? pem : noFile(path)))
    expect(reading.kind === 'config' && reading.config.mail.dkim).toEqual({
      domain: 'example.com',
      selector: 's1',
      privateKey: pem,
    })
  })

  test('takes all three or none', () => {
    expect(mistakesFrom({ DKIM_DOMAIN: 'example.com' })).toEqual([
      expect.stringMatching(/^DKIM_SELECTOR and DKIM_KEY_FILE are not set, but DKIM_DOMAIN is/),
    ])
    expect(mistakesFrom({ ...all, DKIM_SELECTOR: '' }, () => pem)).toHaveLength(1)
  })

  test('says what is wrong with the key, and never shows it', () => {
    const ed = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const publicKey = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    expect(mistakesFrom(all)[0]).toContain('cannot be read (ENOENT)')
    expect(mistakesFrom(all, () => 'no key')[0]).toContain('holds no private key')
    expect(mistakesFrom(all, () => publicKey)[0]).toContain('holds no private key')
    expect(mistakesFrom(all, () => ed)).toEqual([expect.stringContaining('of type ed25519, not RSA')])
  })
})
