// The sink's ceiling: finished bytes over as many connections, one command after the other and nothing else to do.
import { connect } from 'node:net'
import { renderLetters } from './letters.ts'
import type { SourceTask } from './nodemailer-source.ts'
import { answerTasks } from './worker.ts'

type Raw = { commands: string[]; message: string }

answerTasks(async ({ port, letters, connections }: SourceTask) => {
  const waiting = (await renderLetters(letters)).map(
    (letter): Raw => ({
      commands: [`MAIL FROM:<${letter.envelopeFrom}>`, `RCPT TO:<${letter.to}>`, 'DATA'],
      message: `Message-ID: <${letter.messageId}>\r\n\r\n${letter.text}\r\n${letter.html}`.replaceAll(
        '\n.',
        '\n..',
      ),
    }),
  )
  const start = performance.now()
  await Promise.all(Array.from({ length: connections }, () => deliver(port, waiting)))
  return { perSecond: letters / ((performance.now() - start) / 1000) }
})

function deliver(port: number, waiting: Raw[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    let lines: string[] = ['EHLO source.example']
    const next = () => {
      if (lines.length === 0) {
        const letter = waiting.pop()
        if (letter === undefined) {
          socket.off('data', next).resume()
          socket.end('QUIT\r\n')
          return
        }
        lines = [...letter.commands, `${letter.message}\r\n.`]
      }
      socket.write(`${lines.shift()}\r\n`)
    }
    // Each answer comes in one piece: the sink writes it so.
    socket.on('data', next)
    socket.on('error', reject)
    socket.on('close', () => resolve())
  })
}
