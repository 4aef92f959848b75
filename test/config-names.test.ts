import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { settingNames } from '../src/config/names.ts'
import { readConfig } from '../src/config.ts'

function mistakesFrom(env: Record<string, string>): string[] {
  const reading = readConfig(env, () => '')
  return reading.kind === 'mistakes' ? reading.mistakes : []
}

describe('names that were meant for us', () => {
  test.each([
    ['BOUNCE_ADRESS', 'BOUNCE_ADDRESS'],
    ['PUBLIC_ULR', 'PUBLIC_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['SMTP_URI', 'SMTP_URL'],
    ['smtp_url', 'SMTP_URL'],
    ['MAILFROM', 'MAIL_FROM'],
    ['ADMINTOKEN', 'ADMIN_TOKEN'],
    ['SECRET_KEYS', 'SECRET_KEY'],
    ['SECRET_KEY_OLD', 'SECRET_KEYS_OLD'],
    ['SIGNUP_PER_CLIENT', 'SIGNUPS_PER_CLIENT'],
    ['CONFIRM_WITHN', 'CONFIRM_WITHIN'],
    ['AYES_PORT', 'PORT'],
    ['PROOF_OF_WRK', 'PROOF_OF_WORK'],
    ['SMTP_USER', 'SMTP_URL'],
    ['SMTP_FROM', 'MAIL_FROM'],
  ])('%s: write %s', (given, meant) => {
    expect(mistakesFrom({ [given]: 'x' })).toEqual([
      expect.stringMatching(new RegExp(`^${given} .*${meant}`)),
    ])
  })

  test.each(['SMTP_ANYTHING_ELSE', 'BOUNCE_HANDLER', 'DKIM_PRIVATE', 'LETTERS_PER_YEAR'])(
    '%s begins like ours and is not',
    (name) => {
      expect(mistakesFrom({ [name]: 'x' })).toEqual([
        expect.stringMatching(`^${name} is not a setting of Ayes`),
      ])
    },
  )

  test('a neighbour of a setting that is set as well is somebody else’s', () => {
    expect(mistakesFrom({ PUBLIC_URI: 'x', PUBLIC_URL: 'http://a.example' })).toEqual([])
  })
})

describe('names of others', () => {
  test('an ordinary environment is left alone', () => {
    const names = [
      'HOME',
      'PATH',
      'HOSTNAME',
      'HOSTS',
      'PORTS',
      'PORTAGE_TMPDIR',
      'SHELL',
      'USER',
      'LOGNAME',
      'MAIL',
      'MAILCHECK',
      'LANG',
      'LC_ALL',
      'TERM',
      'TZ',
      'EDITOR',
      'PWD',
      'OLDPWD',
      'DISPLAY',
      'XDG_DATA_DIRS',
      'XDG_DATA_HOME',
      'PGDATA',
      'PGHOST',
      'NODE',
      'NODE_OPTIONS',
      'NODE_PATH',
      'INIT_CWD',
      'npm_config_cache',
      'npm_lifecycle_event',
      'LOGLEVEL',
      'npm_package_name',
      'CI',
      'GITHUB_TOKEN',
      'WEB_CONCURRENCY',
      'DATABASE_USER',
      'DATABASE_HOST',
      'DATABASE_PASSWORD',
      'TEST_DATABASE_URL',
      'POSTGRES_PASSWORD',
      'SECRET_KEY_BASE',
      'KUBERNETES_PORT',
      'http_proxy',
      'NO_PROXY',
      'ROLE',
      'PUBLIC_KEY',
      'BASE_URL',
      'LOG_FILE',
      'LS_COLORS',
      '_',
      'SSH_AUTH_SOCK',
      'CHROMIUM_PATH',
      'MAIL_TO',
      'host',
      'port',
      'AYES_HOME',
      'AYES_SERVICE_HOST',
      'JAVA_HOME',
      'PROMPT_COMMAND',
      'DATADIR_X',
      'KEEP',
      'DKIM',
    ]
    expect(mistakesFrom(Object.fromEntries(names.map((name) => [name, 'x'])))).toEqual([])
  })

  test('what a container gets for a neighbour called smtp is left alone', () => {
    const injected = {
      SMTP_PORT: 'tcp://10.0.0.7:25',
      SMTP_PORT_25_TCP: 'tcp://10.0.0.7:25',
      SMTP_PORT_25_TCP_ADDR: '10.0.0.7',
      SMTP_SERVICE_HOST: '10.0.0.7',
      SMTP_SERVICE_PORT: '25',
      SMTP_ENV_TZ: 'UTC',
    }
    expect(mistakesFrom(injected)).toEqual([])
    expect(mistakesFrom({ SMTP_PORT: '587' })).toHaveLength(1)
  })
})

test('every name that the code reads is on the list, and the other way round', () => {
  const files = [
    '../src/config.ts',
    '../src/config/bounce-listener.ts',
    '../src/config/dns.ts',
    '../src/config/http.ts',
    '../src/config/imap.ts',
    '../src/config/mail.ts',
    '../src/config/proof-of-work.ts',
    '../src/config/reporting.ts',
    '../src/config/secrets.ts',
    '../src/config/suggestion.ts',
    '../src/config/visitor.ts',
    '../src/config/webhooks.ts',
  ]
  const text = files.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('\n')
  const read = [...text.matchAll(/(?:read|readSecret|text|isSet)\(\s*'([A-Z_]+)'/g)].map((match) => match[1])
  expect([...new Set(read)].toSorted()).toEqual(settingNames.toSorted())
})
