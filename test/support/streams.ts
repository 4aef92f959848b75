// A stream of server-sent events as a page would read it.
import { expect } from 'vitest'
import type { TestService } from './running-service.ts'

export type ReadEvent = { name: string; id: string | null; data: Record<string, unknown> }
export type ReadStream = {
  readonly headers: Headers
  readonly events: ReadEvent[]
  /** The bytes as they came, heartbeats and all. */
  text(): string
  /** The states so far. */
  letters(): unknown[]
  readonly ended: Promise<void>
  stop(): void
}

export async function readStream(service: TestService, handle: string): Promise<ReadStream> {
  const controller = new AbortController()
  const response = await service.fetch(`/signups/${handle}/events`, { signal: controller.signal })
  expect(response.status).toBe(200)
  const events: ReadEvent[] = []
  let text = ''
  async function read(): Promise<void> {
    const decoder = new TextDecoder()
    let read = 0
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true })
      const end = text.lastIndexOf('\n\n')
      if (end < read) continue
      for (const block of text.slice(read, end).split('\n\n')) events.push(...eventIn(block))
      read = end + 2
    }
  }
  const ended = read().catch((error: unknown) => {
    if (!controller.signal.aborted) throw error
  })
  return {
    headers: response.headers,
    events,
    text: () => text,
    letters: () => events.map(({ data }) => data.letter),
    ended,
    stop: () => controller.abort(),
  }
}

function eventIn(block: string): ReadEvent[] {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null
  const [name, data] = [field('event'), field('data')]
  return name === null || data === null ? [] : [{ name, id: field('id'), data: JSON.parse(data) }]
}
