// A whole service in this process, on a free port and a database of its own, as main.ts would start it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, readConfig } from '../../src/config.ts'
import { openLog } from '../../src/log.ts'
import { type RunningService, startService } from '../../src/service.ts'
import { copyTemplate } from './database.ts'

export const adminToken = 'admin-token-for-tests-only-0001'
export const secretKey = 'secret-key-for-tests-only-which-is-long-enough'

export type TestService = RunningService & {
  readonly base: string
  readonly databaseUrl: string
  readonly dataDir: string
  readonly logged: string[]
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** POST /signups as JSON. */
  signUp(fields: object, headers?: Record<string, string>): Promise<Response>
  admin(path: string, init?: RequestInit): Promise<Response>
}

export function testConfig(settings: Record<string, string>): Config {
  const reading = readConfig(settings, () => '')
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join('\n'))
  return reading.config
}

/** `settings` go over those of a test: limits are off unless they are set. */
export async function startTestService(settings: Record<string, string> = {}): Promise<TestService> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ayes-data-'))
  const copy = settings.DATABASE_URL === undefined ? await copyTemplate() : null
  const databaseUrl = copy?.url ?? settings.DATABASE_URL ?? ''
  const config = testConfig({
    PORT: '0',
    DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl,
    ADMIN_TOKEN: adminToken,
    SECRET_KEY: secretKey,
    SIGNUPS_PER_CLIENT: 'off',
    ...settings,
  })
  const logged: string[] = []
  const opened = openLog(config.logLevel, { destination: { write: (line) => logged.push(line) } })
  const running = await startService(config, opened)
  const base = running.url ?? ''
  const fetchIt = (path: string, init: RequestInit = {}) =>
    fetch(`${base}${path}`, { redirect: 'manual', ...init })
  return {
    ...running,
    base,
    databaseUrl,
    dataDir,
    logged,
    fetch: fetchIt,
    signUp: (fields, headers = {}) =>
      fetchIt('/signups', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(fields),
      }),
    admin: (path, init = {}) =>
      fetchIt(path, { ...init, headers: { authorization: `Bearer ${adminToken}`, ...init.headers } }),
    async close() {
      await running.close()
      await copy?.drop()
      await rm(dataDir, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}
