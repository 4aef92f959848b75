// Who is asked for a proof of work: nobody, everybody, or whoever comes in a burst.
import type { Reading, Settings } from './settings.ts'
import type { ProofOfWork } from './shape.ts'
import { rate } from './values.ts'

export function readProofOfWork(settings: Settings): ProofOfWork {
  const auto: ProofOfWork = { kind: 'auto', burst: null }
  return settings.read('PROOF_OF_WORK', auto, parse)
}

function parse(text: string): Reading<ProofOfWork> {
  if (text === 'off' || text === 'on') return { kind: 'value', value: { kind: text } }
  if (text === 'auto') return { kind: 'value', value: { kind: 'auto', burst: null } }
  const burst = text.startsWith('auto:') ? rate(text.slice('auto:'.length)) : null
  if (burst?.kind === 'value' && burst.value !== null) {
    return { kind: 'value', value: { kind: 'auto', burst: burst.value } }
  }
  return {
    kind: 'wrong',
    problem: 'is not known',
    instead: 'off, on or auto, or auto with the signups that make a burst, such as auto:1000/1m',
  }
}
