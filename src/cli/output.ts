// Standard output, written in large pieces and never faster than it is read.
import { once } from 'node:events'
import type { Writable } from 'node:stream'

/** The reader has gone (`| head`): nothing is wrong, and there is nobody to tell anything. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone'
}

export type Output = {
  line(text: string): Promise<void> | null
  write(bytes: Uint8Array | string): Promise<void> | null
  /** Resolves when everything has been handed over. */
  end(): Promise<void>
}

const pieceLength = 64 * 1024

/** What returns a promise must be waited for; null: go on. */
export function openOutput(stdout: Writable): Output {
  let held = ''
  let failure: Error | null = null
  stdout.on('error', (error) => {
    const code = 'code' in error ? error.code : null
    failure ??= code === 'EPIPE' || code === 'ECONNRESET' ? new ReaderGone() : error
  })

  function write(bytes: Uint8Array | string): Promise<void> | null {
    if (failure !== null) return Promise.reject(failure)
    return stdout.write(bytes) ? null : drained()
  }

  async function drained(): Promise<void> {
    await once(stdout, 'drain').catch(() => {})
    if (failure !== null) throw failure
  }

  function flush(): Promise<void> | null {
    const text = held
    held = ''
    return text === '' ? null : write(text)
  }

  return {
    line(text) {
      held += `${text}\n`
      return held.length < pieceLength ? null : flush()
    },
    write,
    async end() {
      await flush()
      await new Promise<void>((resolve) => stdout.write('', () => resolve()))
      if (failure !== null) throw failure
    },
  }
}
