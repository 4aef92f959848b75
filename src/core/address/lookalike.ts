import { TARGET_DOMAINS } from '../suggestion/target-list.ts'

/**
 * Letters of other scripts that look like a Latin one, as keyboards and pasting bring them in (Unicode Technical
 * Standard 39, confusables; only those that a name in lower case can hold). Accents fall off by NFKD.
 */
const LATIN: Readonly<Record<string, string>> = {
  ...{
    а: 'a',
    в: 'b',
    с: 'c',
    ԁ: 'd',
    е: 'e',
    һ: 'h',
    н: 'h',
    і: 'i',
    ј: 'j',
    к: 'k',
    ӏ: 'l',
    м: 'm',
    п: 'n',
  },
  ...{ о: 'o', р: 'p', ԛ: 'q', г: 'r', ѕ: 's', т: 't', ц: 'u', ѵ: 'v', ԝ: 'w', х: 'x', у: 'y' },
  ...{
    α: 'a',
    β: 'b',
    ϲ: 'c',
    ε: 'e',
    η: 'n',
    ι: 'i',
    ϳ: 'j',
    κ: 'k',
    μ: 'm',
    ν: 'v',
    ο: 'o',
    ρ: 'p',
    τ: 't',
  },
  ...{
    υ: 'u',
    χ: 'x',
    ω: 'w',
    ı: 'i',
    ł: 'l',
    ø: 'o',
    đ: 'd',
    ɑ: 'a',
    ɡ: 'g',
    ɩ: 'i',
    օ: 'o',
    հ: 'h',
    ս: 'u',
  },
}

const FOREIGN = /[^\u0000-\u007f]/
const MARKS = /\p{M}+/gu
const DOTS = /[\u3002\uff0e\uff61]/g

/** The target that a domain with letters of another script looks like; null where it is none, or all is plain. */
export function lookalikeTarget(domain: string): string | null {
  if (!FOREIGN.test(domain) || domain.length > 100) return null
  const plain = domain.toLowerCase().normalize('NFKD').replace(MARKS, '').replace(DOTS, '.')
  const latin = [...plain].map((letter) => LATIN[letter] ?? letter).join('')
  return TARGET_DOMAINS.has(latin) ? latin : null
}
