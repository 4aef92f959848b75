const pattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:[Zz]|([+-])(\d\d):?(\d\d))?)?$/

/** A moment takes some 35 characters; what is much longer is none, and costs nothing. */
const longest = 100

/**
 * A moment in ISO 8601: a day, or a day and a time; without a zone it is UTC. Null for anything else, such as the 30th
 * of February. A `+` that became a space on its way through a query string is taken for what it was.
 */
export function readMoment(text: string): Date | null {
  if (text.length > longest) return null
  const match = pattern.exec(text.trim().replace(/(:.*) (\d\d:?\d\d)$/, '$1+$2'))
  if (match === null) return null
  const part = (n: number) => Number(match[n] ?? 0)
  const [hour, minute, second] = [part(4), part(5), part(6)]
  const milliseconds = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3))
  if (hour > 23 || minute > 59 || second > 59 || part(9) > 23 || part(10) > 59) return null
  const day = readDay(text.trim().slice(0, 10))
  if (day === null) return null
  const zoneMinutes = (part(9) * 60 + part(10)) * (match[8] === '-' ? -1 : 1)
  return new Date(day.getTime() + ((hour * 60 + minute - zoneMinutes) * 60 + second) * 1000 + milliseconds)
}

/** `YYYY-MM-DD` as its first moment in UTC; null where there is no such day. */
export function readDay(text: string): Date | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null
  const day = new Date(`${text}T00:00:00.000Z`)
  return Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text ? null : day
}

// The years that PostgreSQL reads without an era, less a day on either side for the zones.
const earliest = Date.parse('0001-01-02T00:00:00Z')
const latest = Date.parse('9999-12-30T00:00:00Z')

/** The moment itself, or the nearest that the database can be asked about: nothing of ours is older or newer. */
export function withinYears(moment: Date): Date {
  return new Date(Math.min(Math.max(moment.getTime(), earliest), latest))
}
