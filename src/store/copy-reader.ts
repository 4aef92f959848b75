// Reads COPY … TO STDOUT off a connection, as pg-copy-streams does, without a buffer for every row: the rows of a chunk
// are pushed together where they lie. PostgreSQL's protocol, 55.2.7 (COPY operations) and 55.7 (message formats).
import type { Connection, Submittable } from 'pg'

const copyData = 0x64
/** What may stand between rows: the answer to COPY itself, notices, parameter changes, notifications. */
const passedOver = new Set([0x48, 0x4e, 0x53, 0x41])
const headerBytes = 5

type Bytes = (chunk: Buffer) => void

/** Give it to `client.query`, and read `chunks`, once. Backpressure is that nobody asks for the next chunk. */
export class CopyReader implements Submittable {
  readonly #statement: string
  #connection: Connection | null = null
  /** pg's own reader of the connection; set aside while rows come. */
  #parser: Bytes | null = null
  #error: Error | null = null
  #isDone = false
  #wake: () => void = () => {}
  #code = 0
  #header = 0
  #left = 0

  constructor(statement: string) {
    this.#statement = statement
  }

  submit(connection: Connection): void {
    this.#connection = connection
    const { stream } = connection
    const [parser] = stream.listeners('data')
    if (parser === undefined) throw new Error('nobody reads this connection')
    this.#parser = (chunk) => parser.call(stream, chunk)
    stream.removeAllListeners('data')
    stream.pause()
    stream.on('readable', this.#look)
    connection.query(this.#statement)
  }

  handleError(error: Error): void {
    this.#error = error
    this.#wake()
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.#isDone = true
    this.#wake()
  }

  readonly #look = () => this.#wake()

  /** A chunk is good until the next is asked for. Throws where the statement or the connection fails. */
  async *chunks(): AsyncGenerator<Buffer, void, void> {
    for (;;) {
      if (this.#error !== null) throw this.#error
      if (this.#isDone) return
      const chunk: unknown = this.#parser === null ? null : this.#connection?.stream.read()
      if (chunk instanceof Buffer) {
        const rows = this.#rowsOf(chunk)
        if (rows.length > 0) yield rows
        release(chunk)
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
  }

  #rowsOf(chunk: Buffer): Buffer {
    let to = 0
    for (let at = 0; at < chunk.length; ) {
      if (this.#header < headerBytes) {
        const byte = chunk[at] ?? 0
        if (this.#header === 0) {
          if (byte !== copyData && !passedOver.has(byte)) {
            this.#giveBack(chunk.subarray(at))
            break
          }
          this.#code = byte
          // the length counts its own four bytes
          this.#left = 0
        } else this.#left = this.#left * 256 + byte
        at++
        if (++this.#header === headerBytes) this.#left -= headerBytes - 1
      } else {
        const size = Math.min(this.#left, chunk.length - at)
        if (this.#code === copyData) {
          chunk.copyWithin(to, at, at + size)
          to += size
        }
        at += size
        this.#left -= size
      }
      if (this.#header === headerBytes && this.#left === 0) this.#header = 0
    }
    return chunk.subarray(0, to)
  }

  /** The end of the rows, or an error: pg reads on. */
  #giveBack(rest: Buffer): void {
    const stream = this.#connection?.stream
    const parser = this.#parser
    if (stream === undefined || parser === null) return
    this.#parser = null
    stream.off('readable', this.#look)
    stream.on('data', parser)
    parser(Buffer.from(rest))
    stream.resume()
  }
}

/** Given back at once: the collector does not hurry for memory that lies outside its heap. */
function release({ buffer, byteLength }: Buffer): void {
  // a small chunk may lie in a pool that others use too
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
