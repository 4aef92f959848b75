// Names and addresses inside words that run the other way (Unicode UAX #9).

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u
const LEFT_TO_RIGHT = /[\p{L}--[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]]/v
const ISOLATE = '\u2068'
const END_OF_ISOLATE = '\u2069'

export function directionOf(locale: string): 'ltr' | 'rtl' {
  return new Intl.Locale(locale).getTextInfo().direction === 'rtl' ? 'rtl' : 'ltr'
}

/**
 * Set apart where it runs against `direction`, by signs that show nothing: they work in a subject, a title and plain
 * text, where no markup can.
 */
export function setApart(text: string, direction: 'ltr' | 'rtl'): string {
  const against = direction === 'rtl' ? LEFT_TO_RIGHT : RIGHT_TO_LEFT
  return against.test(text) ? `${ISOLATE}${text}${END_OF_ISOLATE}` : text
}
