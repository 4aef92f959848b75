// Where an export left off. A time would lose rows that commit late, so a cursor names the oldest transaction that
// was still open in the export's snapshot: whatever is not older than that comes again, and nothing is lost.
import { createHash } from 'node:crypto'
import { bytesToUuid, uuidToBytes } from '../tokens.ts'

export type Cursor = {
  /** The database that the transaction ids belong to; another one's mean nothing. */
  readonly epoch: string
  readonly listId: number
  /** xid8: decimal digits */
  readonly xmin: string
}

const bodyBytes = 16 + 4 + 8
const checkBytes = 4

/** Against typos and cut-off copies; who may read the export may as well make up a cursor. */
function check(body: Buffer): Buffer {
  return createHash('sha256').update('ayes/cursor/1').update(body).digest().subarray(0, checkBytes)
}

/** 43 characters of base64url. */
export function writeCursor(cursor: Cursor): string {
  const body = Buffer.alloc(bodyBytes)
  uuidToBytes(cursor.epoch).copy(body)
  body.writeUInt32BE(cursor.listId, 16)
  body.writeBigUInt64BE(BigInt(cursor.xmin), 20)
  return Buffer.concat([body, check(body)]).toString('base64url')
}

/** Null for anything that we did not write. */
export function readCursor(text: string): Cursor | null {
  if (text.length > 100) return null
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== bodyBytes + checkBytes || bytes.toString('base64url') !== text) return null
  const body = bytes.subarray(0, bodyBytes)
  if (!check(body).equals(bytes.subarray(bodyBytes))) return null
  return {
    epoch: bytesToUuid(body.subarray(0, 16)),
    listId: body.readUInt32BE(16),
    xmin: body.readBigUInt64BE(20).toString(),
  }
}
