// What templates may do with a value besides liquidjs's own filters.

import type { Liquid } from 'liquidjs'
import { directionOf, setApart } from './bidi.ts'
import { addFigureFilters } from './figures.ts'

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const DAY = 86_400
const HOUR = 3_600
const MINUTE = 60

export function escapeHtml(value: unknown): string {
  return String(value ?? '').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}

export function addFilters(engine: Liquid, locale: string): void {
  // An address or a name inside a sentence: set apart, and safe in a sentence of the other writing direction.
  engine.registerFilter('mark', {
    raw: true,
    handler: (value: unknown) => `<strong><bdi>${escapeHtml(value)}</bdi></strong>`,
  })
  // The same where no markup can be: subjects, titles, text letters, words used in both.
  const direction = directionOf(locale)
  engine.registerFilter('apart', (value: unknown) => setApart(String(value ?? ''), direction))
  // Several lines as HTML. By <br>, for mail programs that ignore white-space.
  engine.registerFilter('lines', {
    raw: true,
    handler: (value: unknown) => escapeHtml(value).replace(/\r\n?|\n/g, '<br>'),
  })
  engine.registerFilter('indent', (value: unknown) => String(value ?? '').replace(/^(?=.)/gm, '    '))
  engine.registerFilter('link', safeLink)
  // A text letter with its links made into links.
  engine.registerFilter('linked', { raw: true, handler: linked })
  engine.registerFilter('duration', (seconds: unknown) => duration(locale, Number(seconds)))
  addFigureFilters(engine, locale)
}

/** Only http, https and paths: never `javascript:`, whoever put it in. */
function safeLink(value: unknown): string {
  const link = String(value ?? '')
  return /^(?:https?:\/\/|\/(?!\/)|\.\/)/i.test(link) ? link : '#'
}

function linked(value: unknown): string {
  const parts = String(value ?? '').split(/(https?:\/\/[^\s<>"']+)/)
  return parts
    .map((part, index) =>
      index % 2 === 1 ? `<a href="${escapeHtml(part)}">${escapeHtml(part)}</a>` : escapeHtml(part),
    )
    .join('')
}

const formats = new Map<string, Intl.NumberFormat>()

/** "7 days": one unit, rounded down, so that nobody is promised more than there is. */
function duration(locale: string, seconds: number): string {
  const whole = (unit: number) => seconds >= 2 * unit || (seconds >= unit && seconds % unit === 0)
  if (whole(DAY)) return inUnit(locale, 'day', seconds / DAY)
  if (whole(HOUR)) return inUnit(locale, 'hour', seconds / HOUR)
  if (whole(MINUTE)) return inUnit(locale, 'minute', seconds / MINUTE)
  return inUnit(locale, 'second', seconds)
}

function inUnit(locale: string, unit: 'day' | 'hour' | 'minute' | 'second', amount: number): string {
  const key = `${locale} ${unit}`
  const format =
    formats.get(key) ?? new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' })
  formats.set(key, format)
  // Japanese is written without the space that Intl puts between number and unit.
  return format.format(Math.floor(amount)).replace(/(?<=\d)\s(?=\p{Script=Han})/u, '')
}
