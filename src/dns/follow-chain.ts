import type { Answer as WireRecord } from 'dns-packet'
import { ttlOf } from './message.ts'
import { sameCase } from './query-name.ts'
import { type RecordsOf, type RecordType, readRecord } from './records.ts'

/** Aliases followed for one question, within answers and over them. Real chains have three or four. */
export const longestChain = 8

export type Chain<T extends RecordType> = {
  /** The name that the records belong to, or that the aliases end at. */
  readonly name: string
  readonly records: RecordsOf[T][]
  /** Seconds, the least of every record on the way. */
  readonly ttl: number
  readonly aliases: number
}

/** Only what the question leads to counts: a server may put anything else beside it. */
export function followChain<T extends RecordType>(
  answers: readonly WireRecord[],
  { name, type }: { name: string; type: T },
): Chain<T> {
  const here = (at: string) => answers.filter((record) => sameCase(record.name) === at && isInternet(record))
  let at = name
  let ttl = Number.POSITIVE_INFINITY
  for (let aliases = 0; ; aliases++) {
    const records: RecordsOf[T][] = []
    for (const record of here(at)) {
      const read = readRecord(record, type)
      if (read === null) continue
      records.push(read)
      ttl = Math.min(ttl, ttlOf(record))
    }
    const alias = records.length > 0 ? undefined : here(at).find((record) => record.type === 'CNAME')
    const target = alias === undefined ? null : readRecord(alias, 'CNAME')
    if (alias === undefined || target === null || aliases === longestChain) {
      return { name: at, records, ttl: Number.isFinite(ttl) ? ttl : 0, aliases }
    }
    ttl = Math.min(ttl, ttlOf(alias))
    at = sameCase(target)
  }
}

function isInternet(record: WireRecord): boolean {
  return 'class' in record && record.class === 'IN'
}
