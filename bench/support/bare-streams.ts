// What open streams cost at least: node:http and nothing else holds them, with the heartbeat that the service has.
import { createServer, type ServerResponse } from 'node:http'
import { answerTasks } from './worker.ts'

const heartbeatSeconds = 20
const event =
  'event: letter\ndata: {"letter":"sent","reason":null,"suggestion":null,"at":"2026-01-31T09:30:00.000Z"}\n\n'
const streams = new Map<string, ServerResponse>()

setInterval(() => {
  for (const stream of streams.values()) stream.write(': alive\n\n')
}, heartbeatSeconds * 1000)

/** GET /NAME/events opens a stream; POST /NAME says something on it. */
const server = createServer((request, response) => {
  const name = request.url?.split('/')[1] ?? ''
  if (request.method === 'POST') {
    streams.get(name)?.write(event.replace('sent', 'confirmed'))
    response.end('{}')
    return
  }
  response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' })
  response.write(event)
  streams.set(name, response)
  response.on('close', () => streams.delete(name))
})

answerTasks(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : null}` }
})
