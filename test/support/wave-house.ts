// The flows with the watch for waves beside them, and a sender that may hold letters. Every signup has a client of its
// own unless the test says otherwise.
import { openResolver } from '../../src/dns.ts'
import { openReceivingProviders } from '../../src/flows/receiving-providers.ts'
import { type OutTray, openOutTray } from '../../src/flows/send-due-letters.ts'
import { openSendGuard, type SendGuard } from '../../src/flows/send-guard.ts'
import { signUp } from '../../src/flows/sign-up.ts'
import { continueUndoing } from '../../src/flows/undo-wave.ts'
import { openWaveWatch } from '../../src/flows/watch-waves.ts'
import type { OutgoingLetter, SendResult } from '../../src/mail/mailer.ts'
import { openAlone } from '../../src/store/alone.ts'
import { listWaves, type WaveRow } from '../../src/store/waves.ts'
import { type DnsServer, fromZone, openDnsServer, type Zone } from './dns-server.ts'
import { type FlowService, openFlowService } from './flow-service.ts'

export type WaveHouse = {
  readonly flows: FlowService
  readonly guard: SendGuard
  readonly dns: DnsServer
  readonly tray: OutTray
  /** What the relay refuses, by domain: the reply. */
  readonly refuses: Map<string, string>
  /** Letters that the relay took, oldest first. */
  readonly taken: OutgoingLetter[]
  signUp(email: string, client?: string | null): Promise<void>
  /** So many people of a domain, named by what they are for. */
  signUpMany(domain: string, count: number, name: string): Promise<string[]>
  /** The clock's turn: waves are looked for, and the sender learns of them. */
  look(): Promise<void>
  /** All of what is left to undo. */
  undoAll(): Promise<void>
  /** Newest first. */
  waves(): Promise<WaveRow[]>
  close(): Promise<void>
}

let clients = 0

export async function openWaveHouse(own: { pauses?: boolean; zone?: Zone } = {}): Promise<WaveHouse> {
  const pauses = own.pauses ?? false
  const flows = await openFlowService({ holdsLetters: pauses })
  const { service } = flows
  const alone = openAlone({ connectionString: flows.databaseUrl })
  const dns = await openDnsServer(fromZone(own.zone ?? {}))
  const resolver = openResolver({ servers: [dns.address], timeoutMs: 10_000 })
  const providers = openReceivingProviders(resolver, service.now)
  const guard = openSendGuard({ ...service, pauses })
  const watch = openWaveWatch({ ...service, providers, alone, pauses })
  const refuses = new Map<string, string>()
  const taken: OutgoingLetter[] = []
  const tray = openOutTray({
    ...service,
    guard,
    concurrency: 5,
    mailer: {
      async send(letter): Promise<SendResult> {
        const reply = refuses.get(letter.to.slice(letter.to.lastIndexOf('@') + 1))
        if (reply !== undefined) {
          return { kind: reply.startsWith('4') ? 'deferred' : 'refused', reply, during: 'rcpt' }
        }
        taken.push(letter)
        return { kind: 'accepted', reply: '250 2.0.0 Ok' }
      },
      close: async () => {},
    },
  })
  const house: WaveHouse = {
    flows,
    guard,
    dns,
    tray,
    refuses,
    taken,
    async signUp(email, client) {
      clients++
      const address = client ?? `198.51.${clients >> 8}.${clients & 255}`
      await signUp(service, {
        email,
        list: 'default',
        asTyped: true,
        locale: () => 'en',
        source: 'footer',
        attributes: { name: email },
        consent: null,
        honeypot: false,
        client: { address, key: null, wideKey: null, agent: null },
      })
    },
    async signUpMany(domain, count, name) {
      const emails = Array.from({ length: count }, (_, n) => `${name}${n}@${domain}`)
      for (const email of emails) {
        await house.signUp(email)
        await tray.drained()
        flows.advance(1)
      }
      return emails
    },
    async look() {
      await watch.look()
      await guard.refresh()
    },
    undoAll: () => continueUndoing(service, alone),
    waves: () => listWaves(service.db, { limit: 100, before: null, state: null }),
    async close() {
      await tray.close()
      await resolver.close()
      await dns.close()
      await flows.close()
    },
  }
  return house
}
