// A letter of a running service that comes back: its return path, and a report about it in the form of RFC 3464.
import { writeReport } from '../../src/core/bounce/write-report.ts'
import { makeReturnToken } from '../../src/core/tokens.ts'
import { envelopeSender } from '../../src/flows/write-letter.ts'
import type { TestService } from './running-service.ts'

export type ReturnedLetter = {
  readonly email: string
  readonly returnPath: string
  report(status: string): Buffer
}

/** Signs up and answers as soon as there is a letter. */
export async function returnedLetter(running: TestService, email: string): Promise<ReturnedLetter> {
  const answer = await running.signUp({ email, as_typed: true })
  if (answer.status !== 202) throw new Error(`signing up answered ${answer.status}`)
  const { db, ring, rules } = running.service
  const { id } = await db
    .selectFrom('letters')
    .select('id')
    .where('recipient', '=', email)
    .executeTakeFirstOrThrow()
  const returnPath = envelopeSender(rules.returnPath, makeReturnToken(ring.current, id)) ?? ''
  return {
    email,
    returnPath,
    report: (status) =>
      Buffer.from(
        writeReport({
          reportingMta: 'mx.example.net',
          from: 'MAILER-DAEMON@mx.example.net',
          to: returnPath,
          recipient: email,
          status,
          diagnostic: `${status.startsWith('4') ? '450' : '550'} ${status} <${email}>: no`,
          originalHeaders: [['Subject', 'Please confirm']],
          at: new Date(),
          messageId: `${id}@mx.example.net`,
        }),
      ),
  }
}

export async function bouncesOf(running: TestService): Promise<{ door: string; category: string | null }[]> {
  return running.service.db
    .selectFrom('bounces')
    .select(['door', 'category'])
    .orderBy('received_at')
    .orderBy('id')
    .execute()
}
