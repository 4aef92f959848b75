// Numbers, shares and days as a language writes them.
import type { Liquid } from 'liquidjs'

/** What cannot be known, such as a rate of nothing. */
const none = '–'

export function addFigureFilters(engine: Liquid, locale: string): void {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
  const moments = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  })

  const when = (format: Intl.DateTimeFormat) => (value: unknown) => {
    const date = new Date(String(value))
    return Number.isNaN(date.getTime()) ? none : format.format(date)
  }
  const figure = (format: Intl.NumberFormat) => (value: unknown) =>
    typeof value === 'number' && Number.isFinite(value) ? format.format(value) : none

  engine.registerFilter('count', figure(whole))
  engine.registerFilter('share', figure(share))
  engine.registerFilter('day', when(days))
  engine.registerFilter('moment', when(moments))
}
