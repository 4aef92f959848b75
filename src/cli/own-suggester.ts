// What the command line suggests: what comes with Ayes and the operator's own domains. It needs neither the database,
// which has those of the lists and those that subscribers have proven, nor any other setting.

import { openSettings } from '../config/settings.ts'
import { readSuggestDomains } from '../config/suggestion.ts'
import { makeSuggester, type Suggester } from '../core/suggestion.ts'
import { type Around, SettingsError } from './command.ts'

export function openOwnSuggester(around: Pick<Around, 'environment'>): Suggester {
  const settings = openSettings(around.environment())
  const extraTargets = readSuggestDomains(settings)
  if (settings.mistakes.length > 0) throw new SettingsError(settings.mistakes)
  return makeSuggester({ extraTargets })
}
