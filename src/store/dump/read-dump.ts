// Reads a dump as it comes, in constant memory: lines of JSON, and between them each table's rows.
import { createHash } from 'node:crypto'
import { damaged } from './header.ts'
import { DumpRefusal } from './refusal.ts'

const newline = 0x0a
const end = Buffer.from('\n\\.\n')
const endAtOnce = end.subarray(1)

/** Far beyond any row of ours: whatever has no line break for so long is no dump. */
const longestLine = 64 * 1024 * 1024

export class DumpReader {
  readonly #source: AsyncIterator<Uint8Array>
  readonly #hash = createHash('sha256')
  #rest: Buffer = Buffer.alloc(0)
  #line: Buffer | null = null

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** The next line, without its end; null where the file ends. */
  async line(): Promise<string | null> {
    this.#countLine()
    let at = this.#rest.indexOf(newline)
    while (at === -1) {
      const before = this.#rest.length
      if (!(await this.#more())) {
        if (this.#rest.length > 0) throw cutOff()
        return null
      }
      at = this.#rest.indexOf(newline, before)
    }
    this.#line = this.#take(at + 1)
    return this.#line.toString('utf8', 0, at)
  }

  /** The rows that follow, in pieces of whole lines, up to the line that ends them. */
  async *rows(): AsyncGenerator<Buffer, void, void> {
    this.#countLine()
    // Until a row has passed, the end may stand at the very beginning, without a line break before it.
    if (await this.#endsAtOnce()) return
    for (;;) {
      const at = this.#rest.indexOf(end)
      const whole = at === -1 ? this.#rest.lastIndexOf(newline) : at + 1
      // The last line break may be the first sign of the end.
      if (whole > 0) yield this.#counted(this.#take(whole))
      if (at !== -1) {
        this.#counted(this.#take(endAtOnce.length))
        return
      }
      if (!(await this.#more())) throw cutOff()
    }
  }

  /** Of everything that was read before the last line. */
  checksum(): string {
    this.#line = null
    return this.#hash.digest('hex')
  }

  async #endsAtOnce(): Promise<boolean> {
    while (this.#rest.length < endAtOnce.length) if (!(await this.#more())) throw cutOff()
    if (!this.#rest.subarray(0, endAtOnce.length).equals(endAtOnce)) return false
    this.#counted(this.#take(endAtOnce.length))
    return true
  }

  /** A line counts when the next thing is asked for: the trailer is not part of its own checksum. */
  #countLine(): void {
    if (this.#line !== null) this.#hash.update(this.#line)
    this.#line = null
  }

  #counted(bytes: Buffer): Buffer {
    this.#hash.update(bytes)
    return bytes
  }

  #take(length: number): Buffer {
    const bytes = this.#rest.subarray(0, length)
    this.#rest = this.#rest.subarray(length)
    return bytes
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next()
    if (next.done === true) return false
    if (this.#rest.length + next.value.length > longestLine) throw damaged()
    this.#rest = Buffer.concat([this.#rest, next.value])
    return true
  }
}

export function cutOff(): DumpRefusal {
  return new DumpRefusal('it is incomplete: its end is missing')
}
