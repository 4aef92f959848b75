// What COPY writes, made into what we promise: line ends, formula guard and unsubscribe links are put in while the
// bytes go by, so that no row is ever an object. COPY ends a record with LF and quotes whatever holds a line break.

const blockBytes = 64 * 1024
const lf = 0x0a
const cr = 0x0d
const hyphen = 0x2d
const apostrophe = 0x27
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
   * Two columns stand before those that are shown, and are not shown: the row's UUID and one letter that `put` knows.
   * The link goes into the shown column of this number, counted from 0 and never the first, which COPY leaves empty.
   */
  readonly link: { readonly column: number; readonly put: PutLink; readonly mostBytes: number } | null
}

export const csvShape = { delimiter: 0x2c, quote: 0x22, isJson: false } as const
/** Control characters never stand in JSON as they are, so nothing in it is ever quoted. */
export const jsonShape = { delimiter: 0x02, quote: 0x01, isJson: true } as const

export type RowPass = {
  /** The finished blocks; what is left over waits for the next chunk. */
  take(chunk: Uint8Array): Uint8Array<ArrayBuffer>[]
  /** The last block. Throws where the bytes end inside a record: COPY itself was cut off. */
  end(): Uint8Array<ArrayBuffer>
}

export function openRowPass({ delimiter, quote, isJson, link }: RowShape): RowPass {
  const hidden = link === null ? 0 : 2
  const linkAt = link === null ? -1 : link.column + hidden
  const reserve = 8 + (link?.mostBytes ?? 0)
  /** 1 for the three bytes that end a run of ordinary ones. */
  const isMark = new Uint8Array(256)
  isMark[delimiter] = isMark[quote] = isMark[lf] = 1
  const id = new Uint8Array(16)
  let out = Buffer.allocUnsafeSlow(blockBytes)
  let at = 0
  let column = 0
  let nibbles = 0
  let keyLetter = 0
  let isQuoted = false
  let isCellStart = true

  /** Reads the columns that are not shown from `from` on; where it stops, they are read or the chunk is over. */
  function takeHidden(chunk: Uint8Array, from: number): number {
    let n = from
    for (; n < chunk.length && column < hidden; n++) {
      const byte = chunk[n] ?? 0
      if (byte === delimiter) column++
      else if (column === 1) keyLetter = byte
      else if (byte !== hyphen) {
        const value = byte < 0x3a ? byte - 0x30 : byte - 0x57
        const index = nibbles >> 1
        id[index] = (nibbles & 1) === 0 ? value << 4 : (id[index] ?? 0) | value
        nibbles++
      }
    }
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

  return {
    take(chunk) {
      const full: Uint8Array<ArrayBuffer>[] = []
      for (let n = 0; n < chunk.length; ) {
        if (column < hidden) {
          n = takeHidden(chunk, n)
          continue
        }
        if (at >= blockBytes - reserve) {
          full.push(out.subarray(0, at))
          out = Buffer.allocUnsafeSlow(blockBytes)
          at = 0
        }
        const byte = chunk[n] ?? 0
        if (isMark[byte] === 1) {
          takeMark(byte)
          n++
          continue
        }
        if (isCellStart) takeCellStart(byte)
        n = takeRun(chunk, n)
      }
      return full
    },
    end() {
      if (column !== 0 || isQuoted || !isCellStart) throw new Error('the rows ended inside a record')
      return out.subarray(0, at)
    },
  }
}
