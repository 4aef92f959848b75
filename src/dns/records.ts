import type { Answer as WireRecord } from 'dns-packet'

/** `exchange` is '.' in a null MX (RFC 7505). */
export type MxRecord = { readonly preference: number; readonly exchange: string }

/** What a record of each type is here. A TXT record is its strings put together, without a space (RFC 7208, 3.3). */
export type RecordsOf = {
  MX: MxRecord
  A: string
  AAAA: string
  TXT: string
  NS: string
  CNAME: string
  PTR: string
}

export type RecordType = keyof RecordsOf

const readers: { readonly [T in RecordType]: (record: WireRecord) => RecordsOf[T] | null } = {
  MX(record) {
    if (record.type !== 'MX') return null
    const { preference = 0, exchange } = record.data
    return { preference, exchange: plain(exchange) }
  },
  A: (record) => (record.type === 'A' ? record.data : null),
  AAAA: (record) => (record.type === 'AAAA' ? record.data : null),
  TXT: (record) => (record.type === 'TXT' ? joined(record.data) : null),
  NS: (record) => (record.type === 'NS' ? plain(record.data) : null),
  CNAME: (record) => (record.type === 'CNAME' ? plain(record.data) : null),
  PTR: (record) => (record.type === 'PTR' ? plain(record.data) : null),
}

export function readRecord<T extends RecordType>(record: WireRecord, type: T): RecordsOf[T] | null {
  return readers[type](record)
}

function plain(name: string): string {
  return name === '' || name === '.' ? '.' : name.replace(/\.$/, '')
}

function joined(data: string | Buffer | (string | Buffer)[]): string {
  const parts = Array.isArray(data) ? data : [data]
  return Buffer.concat(parts.map((part) => Buffer.from(part))).toString('utf8')
}
