/** Endings that are a country's by their name and the whole world's by their use. */
const EVERYWHERE = new Set(['cc', 'co', 'eu', 'fm', 'io', 'me', 'tv'])

/** In two letters, as in locales (ISO 3166-1). Null where an ending tells nothing. */
export function countryOfEnding(suffix: string): string | null {
  const last = suffix.slice(suffix.lastIndexOf('.') + 1)
  if (last.length !== 2 || EVERYWHERE.has(suffix)) return null
  return last === 'uk' ? 'gb' : last
}

/** Where a language's visitors live, as far as they have mail domains of their own. English says nothing. */
const COUNTRIES: Readonly<Record<string, string>> = {
  ar: 'sa ae eg',
  be: 'by ru',
  bg: 'bg',
  ca: 'es',
  cs: 'cz sk',
  da: 'dk',
  de: 'de at ch',
  el: 'gr',
  es: 'es mx ar cl co pe ve uy',
  et: 'ee',
  fi: 'fi',
  fr: 'fr be ch ca lu',
  he: 'il',
  hi: 'in',
  hr: 'hr',
  hu: 'hu',
  id: 'id',
  it: 'it ch',
  ja: 'jp',
  kk: 'kz ru',
  ko: 'kr',
  lt: 'lt',
  lv: 'lv',
  ms: 'my',
  nb: 'no',
  nl: 'nl be',
  nn: 'no',
  no: 'no',
  pl: 'pl',
  pt: 'br pt',
  ro: 'ro',
  ru: 'ru ua by kz',
  sk: 'sk cz',
  sl: 'si',
  sr: 'rs',
  sv: 'se fi',
  th: 'th',
  tr: 'tr',
  uk: 'ua',
  vi: 'vn',
  zh: 'cn tw hk sg',
}

const NOWHERE: readonly string[] = []

/**
 * The countries that a visitor with this BCP 47 tag may live in: by its region, else by its language. en and en-US are
 * what browsers say that nobody has set up, and tell nothing. Never throws.
 */
export function countriesOf(locale: string): readonly string[] {
  const [language = '', ...more] = locale.slice(0, 40).toLowerCase().split(/[-_]/)
  const region = more.find((part) => /^[a-z]{2}$/.test(part))
  if (region !== undefined) return language === 'en' && region === 'us' ? NOWHERE : [region]
  return Object.hasOwn(COUNTRIES, language) ? (COUNTRIES[language] ?? '').split(' ') : NOWHERE
}
