// A real SMTP server on loopback that keeps what it is given.
import { createHash } from 'node:crypto'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export type SunkLetter = {
  readonly to: string
  readonly from: string
  readonly messageId: string
  readonly raw: string
  readonly digest: string
}

export type SmtpSink = { readonly url: string; readonly letters: SunkLetter[]; close(): Promise<void> }

export async function openSmtpSink(options: SMTPServerOptions = {}): Promise<SmtpSink> {
  const letters: SunkLetter[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString()
        const mailFrom = session.envelope.mailFrom
        letters.push({
          to: session.envelope.rcptTo[0]?.address ?? '',
          from: mailFrom === false ? '' : mailFrom.address,
          messageId: /^Message-ID: (.*)$/im.exec(raw)?.[1]?.trim() ?? '',
          raw,
          digest: createHash('sha256').update(raw).digest('hex'),
        })
        callback()
      })
    },
    ...options,
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
