// The door of Amazon SES over flows of its own, with Amazon's host played beside it.
import { createShell } from '../../src/doors/http/shell/create-app.ts'
import type { HttpRoutes } from '../../src/doors/http/shell/http-env.ts'
import { ses } from '../../src/doors/http/webhooks/ses.ts'
import { webhookRoutes } from '../../src/doors/http/webhooks/webhook-routes.ts'
import { receiveEvents } from '../../src/flows/receive-events.ts'
import { composeLetter } from '../../src/mail/compose.ts'
import { type FlowService, openFlowService } from './flow-service.ts'
import { openSnsHost, type SnsHost } from './sns-host.ts'
import { type MarkedLetter, readMarks, refusalOf, topic } from './webhook-calls.ts'

export type SesHouse = {
  readonly flows: FlowService
  readonly host: SnsHost
  readonly logged: string[]
  /** A door that has fetched nothing yet, and nobody has asked the host for anything. */
  openDoor(): void
  post(message: object): Promise<{ status: number; body: unknown }>
  letter(): Promise<MarkedLetter>
  statusOf(letter: MarkedLetter): Promise<string | undefined>
  close(): Promise<void>
}

export async function openSesHouse(): Promise<SesHouse> {
  const flows = await openFlowService({ markedFor: ['ses'] })
  const host = await openSnsHost()
  const logged: string[] = []
  const noted = (event: string) => void logged.push(event)
  const usual = host.answer
  let app: HttpRoutes | null = null
  let count = 0
  return {
    flows,
    host,
    logged,
    openDoor() {
      host.answer = usual
      host.asked.length = 0
      logged.length = 0
      const log = { debug() {}, info: noted, warn: noted, error: noted }
      const none = { basePath: '', trustProxy: 0, allowedOrigins: '*' as const }
      const shell = createShell({ ...none, log, isDatabaseAway: () => false })
      const { service } = flows
      shell.app.route(
        '/',
        webhookRoutes({
          webhooks: [ses({ topics: [topic], fetchText: host.fetchText, log })],
          now: service.now,
          log,
          receive: (delivered) => receiveEvents(service, delivered),
        }),
      )
      app = shell.app
    },
    async post(message) {
      const answer = await app?.request('/bounces/ses', {
        method: 'POST',
        // as SNS sends it
        headers: { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification' },
        body: JSON.stringify(message),
      })
      if (answer === undefined) throw new Error('no door was opened')
      return { status: answer.status, body: JSON.parse(await answer.text()) }
    },
    async letter() {
      const email = `ann-${count++}@example.com`
      await flows.signUp(email)
      const [sent] = flows.lettersTo(email)
      if (sent === undefined) throw new Error('no letter was sent')
      return readMarks(composeLetter(sent, new Date()).toString(), email)
    },
    async statusOf({ to }) {
      const { db } = flows.service
      const signups = db.selectFrom('signups').select('status').where('email', '=', to)
      return (await signups.executeTakeFirst())?.status
    },
    async close() {
      await host.close()
      await flows.close()
    },
  }
}

export function noticeOf(letter: MarkedLetter): string {
  return JSON.stringify(refusalOf('ses', letter))
}
