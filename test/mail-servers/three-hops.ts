// Three mail servers and a service. The first is its relay and hands reports in by LMTP, as the second does; the third
// knows no SMTPUTF8 and hands its reports in by SMTP.
import { localhostCertificate, localhostKey } from '../mail/localhost-certificate.ts'
import { listenerOn } from '../support/bounce-listener.ts'
import {
  freePort,
  type MailServer,
  type MailServerPlan,
  type MailServerProgram,
} from '../support/mail-server.ts'
import { startTestService, type TestService } from '../support/running-service.ts'

export const bounceDomain = 'bounce.one.example'

export type Hops = {
  readonly service: TestService
  readonly relay: MailServer
  readonly secondHop: MailServer
  readonly thirdHop: MailServer
  close(): Promise<void>
}

export async function openHops(program: MailServerProgram): Promise<Hops> {
  const [one, two, three] = [await freePort(), await freePort(), await freePort()]
  const service = await startTestService({
    SMTP_URL: `smtp://127.0.0.1:${one}`,
    MAIL_FROM: 'One <news@one.example>',
    BOUNCE_ADDRESS: `bounces@${bounceDomain}`,
    BOUNCE_LISTEN: 'lmtp://127.0.0.1:0',
  })
  const certificate = { chain: localhostCertificate, key: localhostKey }
  const listener = await listenerOn(service, {}, { protocol: 'smtp', certificate })
  const opened: { close(): Promise<void> }[] = [service, listener]

  async function start(plan: MailServerPlan): Promise<MailServer> {
    const server = await program.start(plan)
    opened.push(server)
    return server
  }
  async function close(): Promise<void> {
    for (const each of opened.reverse()) await each.close()
  }

  const lmtp = { protocol: 'lmtp', port: portOf(service.bounces) } as const
  const smtp = (port: number) => ({ protocol: 'smtp', port }) as const
  try {
    const relay = await start({
      port: one,
      domain: 'one.example',
      boxes: ['ann', 'jürgen'],
      fullBox: 'full',
      forwards: { forward: 'gone@two.example' },
      routes: { [bounceDomain]: lmtp, 'two.example': smtp(two), 'three.example': smtp(three) },
      smtputf8: true,
    })
    const secondHop = await start({
      port: two,
      domain: 'two.example',
      boxes: ['ben'],
      routes: { [bounceDomain]: lmtp },
      smtputf8: true,
      asksBack: true,
    })
    const thirdHop = await start({
      port: three,
      domain: 'three.example',
      boxes: ['ben'],
      fullBox: 'full',
      routes: { [bounceDomain]: smtp(portOf(listener.url)) },
      smtputf8: false,
    })
    return { service, relay, secondHop, thirdHop, close }
  } catch (error) {
    await close()
    throw error
  }
}

function portOf(url: string | null): number {
  return Number(new URL(url ?? '').port)
}
