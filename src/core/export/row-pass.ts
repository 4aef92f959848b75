// What COPY writes, made into what we promise: line ends, formula guard, times and unsubscribe links are put in while
// the bytes go by, so that no row is ever an object. COPY ends a record with LF and quotes whatever holds a line break.

const blockBytes = 256 * 1024
/** So many blocks are written in turn: while the reader takes some of them, others are filled. */
export const blocksInTurn = 8
const lf = 0x0a
const cr = 0x0d
const apostrophe = 0x27
const plus = 0x2b
const point = 0x2e
const zero = 0x30
const letterT = 0x54
const letterZ = 0x5a
const placeOfT = '2026-01-31'.length
const placeOfPoint = '2026-01-31T09:30:00'.length
const timeLength = '2026-01-31T09:30:00.500'.length
const notHex = 0xff
const hexDigits = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16)
  return Number.isNaN(value) ? notHex : value
})
/** = + - @ tab, and the line breaks that some spreadsheets skip before looking for one of those. */
const formulaStarts = new Set([0x3d, 0x2b, 0x2d, 0x40, 0x09, 0x0a, 0x0d])

/** Puts the link of the row with this 16-byte id in at `at`, and returns where it ends. */
export type PutLink = (id: Uint8Array, keyLetter: number, out: Uint8Array, at: number) => number

export type RowShape = {
  readonly delimiter: number
  readonly quote: number
  /** The records are joined to one text: delimiters are left out, and lines end as they came. */
  readonly isJson: boolean
  /**
   * Shown columns, counted from 0 and not the last, with a time as COPY writes it in UTC, `2026-01-31 09:30:00.5+00`: it becomes
   * `2026-01-31T09:30:00.500Z`. The server takes longer for that than for all the rest of a row.
   */
  readonly times?: readonly number[]
  /**
   * Two columns stand before those that are shown, and are not shown: the row's UUID and one letter that `put` knows.
   * The link goes into the shown column of this number, counted from 0 and never the first, which COPY leaves empty.
   */
  readonly link: { readonly column: number; readonly put: PutLink; readonly mostBytes: number } | null
}

export const csvShape = { delimiter: 0x2c, quote: 0x22, isJson: false } as const
/** Control characters never stand in JSON as they are, so nothing in it is ever quoted. */
export const jsonShape = { delimiter: 0x02, quote: 0x01, isJson: true } as const

export type RowPass = {
  /**
   * The finished blocks; what is left over waits for the next chunk. A block is good until `blocksInTurn` more have been
   * asked for, and is then written anew.
   */
  take(chunk: Uint8Array): Generator<Uint8Array<ArrayBuffer>, void, void>
  /** The last block. Throws where the bytes end inside a record: COPY itself was cut off. */
  end(): Uint8Array<ArrayBuffer>
}

export function openRowPass({ delimiter, quote, isJson, times = [], link }: RowShape): RowPass {
  const hidden = link === null ? 0 : 2
  const linkAt = link === null ? -1 : link.column + hidden
  const isTime = Array.from({ length: 64 }, (_, n) => times.includes(n - hidden))
  const reserve = 32 + (link?.mostBytes ?? 0)
  /** 1 for the three bytes that end a run of ordinary ones. */
  const isMark = new Uint8Array(256)
  isMark[delimiter] = isMark[quote] = isMark[lf] = 1
  const id = new Uint8Array(16)
  const waiting: Buffer<ArrayBuffer>[] = []
  let out = Buffer.allocUnsafeSlow(blockBytes)
  let at = 0
  let column = 0
  let nibbles = 0
  let keyLetter = 0
  let place = 0
  let isZone = false
  let isQuoted = false
  let isCellStart = true

  function nextBlock(): void {
    waiting.push(out)
    out = (waiting.length < blocksInTurn ? undefined : waiting.shift()) ?? Buffer.allocUnsafeSlow(blockBytes)
    at = 0
  }

  /** Reads the columns that are not shown from `from` on; where it stops, they are read or the chunk is over. */
  function takeHidden(chunk: Uint8Array, from: number): number {
    let n = from
    let digit = nibbles
    for (; n < chunk.length && column < hidden; n++) {
      const byte = chunk[n] ?? 0
      const value = hexDigits[byte] ?? notHex
      if (column === 0 && value !== notHex) {
        const index = digit >> 1
        id[index] = (digit & 1) === 0 ? value << 4 : (id[index] ?? 0) | value
        digit++
      } else if (byte === delimiter) column++
      else keyLetter = byte
    }
    nibbles = digit
    return n
  }

  /** Copies what is no mark from `from` on, as far as there is room, and returns where it stopped. */
  function takeRun(chunk: Uint8Array, from: number): number {
    const block = out
    const end = Math.min(chunk.length, from + blockBytes - reserve - at)
    let n = from
    let to = at
    for (; n < end; n++) {
      const byte = chunk[n] ?? 0
      if (isMark[byte] === 1) break
      block[to++] = byte
    }
    at = to
    return n
  }

  /** Up to the milliseconds, of which COPY leaves out the zeros at their end. */
  function takeTime(chunk: Uint8Array, from: number): number {
    let n = from
    let to = at
    // Nearly always all of it is there, and up to the seconds it is as long each time.
    if (place === 0 && chunk.length - n >= placeOfPoint) {
      const block = out
      for (let k = 0; k < placeOfPoint; k++) block[to + k] = chunk[n + k] ?? 0
      block[to + placeOfT] = letterT
      n += placeOfPoint
      to += placeOfPoint
      place = placeOfPoint
    }
    for (; n < chunk.length; n++) {
      const byte = chunk[n] ?? 0
      if (byte === delimiter) break
      if (byte === plus) isZone = true
      if (isZone || place >= timeLength) continue
      out[to++] = place === placeOfT ? letterT : byte
      place++
    }
    at = to
    return n
  }

  function endTime(): void {
    for (; place > 0 && place < timeLength; place++) out[at++] = place === placeOfPoint ? point : zero
    if (place > 0) out[at++] = letterZ
    place = 0
    isZone = false
  }

  function takeMark(byte: number): void {
    if (byte === quote) {
      // an empty cell, or one that begins with a quote: what comes next is not its first character
      if (isQuoted) isCellStart = false
      isQuoted = !isQuoted
      out[at++] = byte
    } else if (isQuoted) {
      takeCellStart(byte)
      out[at++] = byte
    } else if (byte === delimiter) {
      if (isTime[column] === true) endTime()
      if (!isJson) out[at++] = byte
      isCellStart = true
      column++
      if (column === linkAt && link !== null) at = link.put(id, keyLetter, out, at)
    } else {
      if (!isJson) out[at++] = cr
      out[at++] = lf
      isCellStart = true
      column = 0
      nibbles = 0
    }
  }

  function takeCellStart(byte: number): void {
    if (isCellStart && !isJson && formulaStarts.has(byte)) out[at++] = apostrophe
    isCellStart = false
  }

  /** Goes on from `from` until the block is full or the chunk is over. */
  function takeUntilFull(chunk: Uint8Array, from: number): number {
    let n = from
    while (n < chunk.length && at < blockBytes - reserve) {
      const byte = chunk[n] ?? 0
      if (column < hidden) n = takeHidden(chunk, n)
      else if (isTime[column] === true && byte !== delimiter) n = takeTime(chunk, n)
      else if (isMark[byte] === 1) {
        takeMark(byte)
        n++
      } else {
        if (isCellStart) takeCellStart(byte)
        n = takeRun(chunk, n)
      }
    }
    return n
  }

  return {
    *take(chunk) {
      for (let n = takeUntilFull(chunk, 0); n < chunk.length; n = takeUntilFull(chunk, n)) {
        const full = out.subarray(0, at)
        nextBlock()
        yield full
      }
    },
    end() {
      if (column !== 0 || isQuoted || !isCellStart) throw new Error('the rows ended inside a record')
      return out.subarray(0, at)
    },
  }
}
