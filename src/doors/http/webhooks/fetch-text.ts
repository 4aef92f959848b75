// One small text from one address over TLS: no redirect is followed, and it takes no longer and is no larger than it may.
import { type RequestOptions, request } from 'node:https'

export type Fetched =
  | { kind: 'text'; text: string }
  /** It answered, and has nothing for us. */
  | { kind: 'nothing' }
  | { kind: 'unreachable' }

export type FetchText = (url: URL) => Promise<Fetched>

const mostMs = 5_000
const mostBytes = 64 * 1024

/** `options` are for who plays the other side: its port, its certificate, where its name leads. */
export function openFetchText(options: Pick<RequestOptions, 'ca' | 'lookup' | 'port'> = {}): FetchText {
  return (url) =>
    new Promise((resolve) => {
      const signal = AbortSignal.timeout(mostMs)
      const asked = request(url, { ...options, agent: false, signal }, (answer) => {
        const end = (fetched: Fetched) => {
          resolve(fetched)
          asked.destroy()
        }
        const status = answer.statusCode ?? 0
        if (status !== 200) return end({ kind: status >= 500 ? 'unreachable' : 'nothing' })
        const chunks: Buffer[] = []
        let size = 0
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length
          chunks.push(chunk)
          if (size > mostBytes) end({ kind: 'nothing' })
        })
        answer.on('end', () => resolve({ kind: 'text', text: Buffer.concat(chunks).toString('utf8') }))
        answer.on('error', () => resolve({ kind: 'unreachable' }))
      })
      asked.on('error', () => resolve({ kind: 'unreachable' }))
      asked.end()
    })
}
