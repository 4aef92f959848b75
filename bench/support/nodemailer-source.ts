// The peer: nodemailer's own pool, handed letters that are rendered already, with no database anywhere.
import { createTransport } from 'nodemailer'
import { renderLetters } from './letters.ts'
import { answerTasks } from './worker.ts'

export type SourceTask = { port: number; letters: number; connections: number }

answerTasks(async ({ port, letters, connections }: SourceTask) => {
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    pool: true,
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
    ignoreTLS: true,
  })
  const rendered = await renderLetters(letters)
  const start = performance.now()
  await Promise.all(
    rendered.map(({ from, to, envelopeFrom, messageId, token, subject, text, html }) =>
      transport.sendMail({
        ...{ from, to, subject, text, html, messageId: `<${messageId}>` },
        envelope: { from: envelopeFrom, to },
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Ayes-Letter': token },
      }),
    ),
  )
  const seconds = (performance.now() - start) / 1000
  transport.close()
  return { perSecond: letters / seconds }
})
