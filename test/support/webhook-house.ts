// A whole service with every webhook but that of SES, whose letters go to a sink as they would to the provider.

import { eventually } from './letters.ts'
import { startTestService, type TestService } from './running-service.ts'
import { openSmtpSink, type SmtpSink } from './smtp-sink.ts'
import { type Call, type MarkedLetter, readMarks, webhookSettings } from './webhook-calls.ts'

export type WebhookHouse = {
  readonly service: TestService
  readonly sink: SmtpSink
  post(path: string, call: Call): Promise<Response>
  /** Signs up, and waits until the letter is recorded as sent. */
  letterTo(email: string): Promise<MarkedLetter>
  /** How many reports there are in all, matched or not. */
  reports(): Promise<number>
  close(): Promise<void>
}

export async function openWebhookHouse(settings: Record<string, string> = {}): Promise<WebhookHouse> {
  const sink = await openSmtpSink()
  const service = await startTestService({
    SMTP_URL: sink.url,
    MAIL_FROM: 'Ayes <ayes@example.com>',
    ...webhookSettings,
    ...settings,
  })
  const { db } = service.service
  return {
    service,
    sink,
    post: (path, { headers, body }) =>
      service.fetch(path, { method: 'POST', headers, body: new Uint8Array(body) }),
    async letterTo(email) {
      const answer = await service.signUp({ email, as_typed: true })
      if (answer.status !== 202) throw new Error(`the signup was answered ${answer.status}`)
      await eventually(async () => {
        const { state } = await db
          .selectFrom('letters')
          .select('state')
          .where('recipient', '=', email)
          .executeTakeFirstOrThrow()
        return state === 'sent'
      }, 'the letter')
      const sunk = sink.letters.find((letter) => letter.to === email)
      if (sunk === undefined) throw new Error('the sink has no such letter')
      return readMarks(sunk.raw, email)
    },
    async reports() {
      const { n } = await db
        .selectFrom('bounces')
        .select(({ fn }) => fn.countAll().as('n'))
        .executeTakeFirstOrThrow()
      return Number(n)
    },
    async close() {
      await service.close()
      await sink.close()
    },
  }
}
