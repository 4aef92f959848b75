// The other end for a load generator that is to show its own ceiling: bytes in, a canned answer out, nothing between.
import { createServer } from 'node:net'
import { answerTasks } from './worker.ts'

const body = JSON.stringify({
  status: 'pending',
  email: 'visitor.1.123456@gmail.com',
  handle: 'x'.repeat(74),
  expires_at: '2026-01-31T09:30:00.000Z',
})
const answer = [
  'HTTP/1.1 202 Accepted',
  'Content-Type: application/json',
  'Cache-Control: no-store',
  `Content-Length: ${body.length}`,
  '',
  body,
].join('\r\n')

// Every request comes in one piece and ends with the brace of its JSON body: to look for more would cost something.
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', (bytes) => {
    if (bytes.at(-1) === 0x7d) socket.write(answer)
  })
  socket.on('error', () => socket.destroy())
})

answerTasks(
  () =>
    new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        resolve({ port: typeof address === 'object' ? address?.port : null })
      })
    }),
)
