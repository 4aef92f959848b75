// What the operator wants to be told of: from which bounce rate on, and who gets the reports; and
// whether letters wait while a wave of refusals is under way.
import { readAddress } from '../core/address.ts'
import type { Reading, Settings } from './settings.ts'
import type { ReportingConfig } from './shape.ts'
import { oneOf } from './values.ts'

export function readReporting(settings: Settings): ReportingConfig {
  return {
    bounceRateLimit: settings.read('BOUNCE_RATE_LIMIT', 0.03, readShare),
    guard: settings.read('BOUNCE_GUARD', 'alarm' as const, oneOf(['alarm', 'pause'])),
    to: settings.read('REPORT_TO', null, readRecipient),
  }
}

/** `2.5%` is 0.025; `off` is null. */
function readShare(text: string): Reading<number | null> {
  if (text === 'off') return { kind: 'value', value: null }
  const percent = /^\d{1,3}(?:\.\d{1,3})? ?%$/.test(text) ? Number.parseFloat(text) : Number.NaN
  if (percent > 0 && percent <= 100) {
    // by way of text: 2.3 / 100 is not 0.023 in binary
    return { kind: 'value', value: Number((percent / 100).toFixed(5)) }
  }
  return {
    kind: 'wrong',
    problem: 'is not a share above 0% and up to 100%',
    instead: 'a number with its sign, such as 3% or 2.5%, or off for no alarm',
  }
}

function readRecipient(text: string): Reading<string> {
  const reading = readAddress(text)
  if (reading.kind === 'address') return { kind: 'value', value: reading.address.email }
  return { kind: 'wrong', problem: 'is not a mail address', instead: 'one address, such as jo@example.com' }
}
