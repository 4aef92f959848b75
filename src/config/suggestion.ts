// What the operator adds to the suggestion, and whether addresses of some minutes are refused.
import { readDomainName } from '../core/address/domain-name.ts'
import { endingOf } from '../core/suggestion/ending.ts'
import { quoted, type Reading, type Settings } from './settings.ts'
import type { SuggestionConfig } from './shape.ts'
import { oneOf, splitList } from './values.ts'

/** Each makes the answer to a mistyped address a little slower, and takes a little from the large providers. */
const mostDomains = 300

export function readSuggestion(settings: Settings): SuggestionConfig {
  return {
    domains: readSuggestDomains(settings),
    refuseDisposable: settings.read('REFUSE_DISPOSABLE', 'false', oneOf(['true', 'false'])) === 'true',
  }
}

export function readSuggestDomains(settings: Settings): readonly string[] {
  return settings.read('SUGGEST_DOMAINS', [], readDomains)
}

function readDomains(text: string): Reading<readonly string[]> {
  const instead = `mail domains with commas between them, ${mostDomains} at most, such as example.com,mail.example.org`
  const wrong = (problem: string): Reading<readonly string[]> => ({ kind: 'wrong', problem, instead })
  const names = splitList(text)
  const read: string[] = []
  for (const name of names) {
    const reading = readDomainName(name.replace(/^@/, ''))
    if (reading.kind === 'invalid') return wrong(`has ${quoted(name)}, which is no domain`)
    if (endingOf(reading.ascii).name === '') {
      return wrong(`has ${quoted(name)}, which is an ending that many domains share`)
    }
    read.push(reading.ascii)
  }
  const domains = [...new Set(read)]
  if (domains.length === 0) return wrong('names nothing')
  if (domains.length > mostDomains) return wrong(`names ${domains.length} domains`)
  return { kind: 'value', value: domains }
}
