// What `ayes doctor` looks at, all in order: a DNS server, a relay that wants a login, a database and a DKIM key.
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type RealRelay, startRealRelay } from '../mail/real-relay.ts'
import { ayes, type Ended, objectsIn } from './command-line.ts'
import { makeDatabase, type TestDatabase } from './database.ts'
import { fromZone, openDnsServer, type Zone } from './dns-server.ts'

export const password = 'the-password-of-this-relay'
const tokens = {
  ADMIN_TOKEN: 'admin-token-of-the-doctor-test',
  SECRET_KEY: 'secret-key-of-the-doctor-test-is-long-enough',
  BOUNCE_TOKEN: 'bounce-token-of-the-doctor-test',
}
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64')

/** None of these may be read anywhere. */
export const secrets = [password, ...Object.values(tokens), pem.slice(100, 160)]

export const zone: Zone = {
  'example.com': { MX: [{ preference: 10, exchange: 'mx.example.com' }] },
  'bounce.example.com': {
    MX: [{ preference: 10, exchange: 'mx.example.com' }],
    TXT: [['v=spf1 include:_spf.relay.example ~all']],
  },
  '_spf.relay.example': { TXT: [['v=spf1 ip4:198.51.100.0/24 -all']] },
  's1._domainkey.example.com': { TXT: [['v=DKIM1; p=', publicKey.slice(0, 200), publicKey.slice(200)]] },
  '_dmarc.example.com': { TXT: [['v=DMARC1; p=reject; rua=mailto:d@example.com']] },
  'mx.example.com': { A: ['198.51.100.7'] },
  'lists.example.com': { A: ['198.51.100.7'] },
}

export type Line = {
  group: string
  check: string
  result: string
  found: string
  mend: string | null
  seconds?: number
}

export type DoctorHouse = {
  readonly dir: string
  readonly database: TestDatabase
  readonly relay: RealRelay
  readonly settings: Readonly<Record<string, string>>
  /** Runs it with `--json`, these changes to the settings, and this zone in the DNS. */
  doctor(changes?: Record<string, string>, records?: Zone, ...args: string[]): Promise<Ended>
  close(): Promise<void>
}

export async function openDoctorHouse(): Promise<DoctorHouse> {
  const dir = await mkdtemp(join(tmpdir(), 'ayes-doctor-'))
  await writeFile(join(dir, 'dkim.pem'), pem)
  const database = await makeDatabase()
  const relay = await startRealRelay({
    authOptional: false,
    onAuth: (auth, _session, done) =>
      auth.password === password ? done(null, { user: 'ann' }) : done(new Error(`not ${auth.password}`)),
    onRcptTo({ address }, _session, done) {
      const refused = Object.assign(new Error('5.1.1 no such user here'), { responseCode: 550 })
      done(address.startsWith('nobody') ? refused : null)
    },
  })
  const settings = {
    ...tokens,
    DATA_DIR: join(dir, 'data'),
    DATABASE_URL: database.url,
    SMTP_URL: relay.url.replace('//', `//ann:${password}@`),
    SMTP_NAME: 'lists.example.com',
    MAIL_FROM: 'Example News <news@example.com>',
    PUBLIC_URL: 'https://lists.example.com',
    BOUNCE_ADDRESS: '*@bounce.example.com',
    DKIM_DOMAIN: 'example.com',
    DKIM_SELECTOR: 's1',
    DKIM_KEY_FILE: join(dir, 'dkim.pem'),
  }
  return {
    dir,
    database,
    relay,
    settings,
    async doctor(changes = {}, records = zone, ...args) {
      const DNS_SERVERS = await serveZone(records)
      return ayes(['doctor', '--json', ...args], { ...settings, DNS_SERVERS, ...changes })
    },
    async close() {
      await relay.close()
      await database.close()
      await rm(dir, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}

/** The value of DNS_SERVERS; the server ends with the test. */
export async function serveZone(records: Zone): Promise<string> {
  const dns = await openDnsServer(fromZone(records))
  onTestFinished(() => dns.close())
  return dns.address
}

export const linesOf = (ended: Ended) => objectsIn(ended) as Line[]

export function resultsOf(ended: Ended): Record<string, string> {
  return Object.fromEntries(linesOf(ended).map(({ check, result }) => [check, result]))
}
