// The answer to a signup that lacks the proof of work that is asked for just now: for a script a challenge, for a
// form's post a page that does the work and sends the form again.
import type { SignUpResult } from '../../../flows/sign-up.ts'
import { problem } from '../shell/problem.ts'
import { type PublicDeps, pageList } from './public-deps.ts'

type Asked = Extract<SignUpResult, { kind: 'proof-of-work' }>

const details: Readonly<Record<Asked['reason'], string>> = {
  missing:
    'A proof of work is asked for just now: solve the challenge and send the same again with its proof.',
  'too-early': 'The proof comes too soon: wait, and send the same once more.',
  expired: 'The challenge of this proof is older than ten minutes: solve the new one.',
  spent: 'This proof was used before: solve the new challenge.',
  invalid: 'This is no proof for a challenge of ours: solve the new one.',
}

export function proofAsked({ reason, challenge, waitMs }: Asked) {
  return problem(428, 'proof-of-work', details[reason], {
    reason,
    challenge,
    ...(waitMs === null ? {} : { retryAfter: waitMs / 1000 }),
  })
}

export function proofModel(deps: PublicDeps, { list, reason, challenge }: Asked) {
  return {
    list: pageList(list),
    // A browser whose proofs are no good would post for ever.
    challenge: reason === 'invalid' ? null : JSON.stringify(challenge),
    script: `${deps.basePath}/proof.js`,
  }
}
