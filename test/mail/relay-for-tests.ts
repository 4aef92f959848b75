import type { SMTPServerOptions } from 'smtp-server'
import { test as plainTest } from 'vitest'
import type { Mailer } from '../../src/mail/mailer.ts'
import { openRelay, type RelayOptions } from '../../src/mail/relay.ts'
import { type RealRelay, startRealRelay } from './real-relay.ts'
import { type Script, type ScriptedRelay, startScriptedRelay } from './scripted-relay.ts'

type Fixtures = {
  /** what is closed after the test, last first */
  cleanUp: (() => Promise<unknown>)[]
  /** a mailer to this relay */
  open: (url: string, options?: Partial<RelayOptions>) => Mailer
  /** a relay of the smtp-server package, and a mailer to it */
  real: (
    server?: SMTPServerOptions,
    options?: Partial<RelayOptions>,
  ) => Promise<{ relay: RealRelay; mailer: Mailer }>
  /** a relay that follows a script, and a mailer to it that logs in as `login` where that is given */
  scripted: (
    script?: Script,
    options?: Partial<RelayOptions>,
    login?: string,
  ) => Promise<{ relay: ScriptedRelay; mailer: Mailer }>
}

export const test = plainTest.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs
  cleanUp: async ({}, use) => {
    const cleanUp: (() => Promise<unknown>)[] = []
    await use(cleanUp)
    for (const close of cleanUp.reverse()) await close()
  },
  open: async ({ cleanUp }, use) => {
    await use((url, options = {}) => {
      const mailer = openRelay({ url, name: 'ayes.example', concurrency: 3, dkim: null, ...options })
      cleanUp.push(mailer.close)
      return mailer
    })
  },
  real: async ({ cleanUp, open }, use) => {
    await use(async (server, options) => {
      const relay = await startRealRelay(server)
      cleanUp.push(relay.close)
      return { relay, mailer: open(relay.url, options) }
    })
  },
  scripted: async ({ cleanUp, open }, use) => {
    await use(async (script, options, login = '') => {
      const relay = await startScriptedRelay(script)
      cleanUp.push(relay.close)
      return { relay, mailer: open(`smtp://${login}127.0.0.1:${relay.port}`, options) }
    })
  },
})
