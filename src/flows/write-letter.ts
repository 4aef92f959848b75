// From a claimed letter to a finished one: the words from the templates, every name that the letter carries from its
// own key, so that a retried letter is the same letter.
import { letterMarkers } from '../core/bounce/letter-markers.ts'
import { type Key, keyById } from '../core/keys.ts'
import { makeReturnToken } from '../core/tokens.ts'
import type { OutgoingLetter } from '../mail/mailer.ts'
import type { ClaimedLetter } from '../store/out-tray.ts'
import { formSub } from './form-sub.ts'
import type { List } from './lists.ts'
import { senderOf } from './sender-of.ts'
import type { ReturnPath, Service } from './service.ts'

type Deps = Pick<Service, 'ring' | 'links' | 'lists' | 'rules' | 'templates'>

/** Throws where one of the keys that the letter was made with is not among ours. */
export async function writeLetter(deps: Deps, letter: ClaimedLetter, list: List): Promise<OutgoingLetter> {
  const key = keyById(deps.ring, letter.keyId)
  const signupKey = keyById(deps.ring, letter.signupKeyId)
  if (key === null || signupKey === null) {
    throw new Error(`key ${letter.keyId} is not among ours: put it into SECRET_KEYS_OLD`)
  }
  const token = makeReturnToken(key, letter.id)
  const from = senderOf(deps, list)
  const words = await render(deps, letter, list, { key, signupKey })
  return {
    id: letter.id,
    token,
    from,
    replyTo: list.replyTo,
    to: letter.recipient,
    envelopeFrom: envelopeSender(deps.rules.returnPath, token) ?? deps.rules.from.address,
    messageId: `${token}@${from.address.slice(from.address.lastIndexOf('@') + 1)}`,
    ...words,
    headers: {
      'Form-Sub': formSub(letter.client),
      ...letterMarkers(deps.rules.markedFor, token),
      ...(letter.kind === 'already'
        ? listHeaders(deps, list, deps.links.unsubscribe(signupKey, letter.signupId))
        : {}),
    },
  }
}

async function render(
  deps: Deps,
  letter: ClaimedLetter,
  list: List,
  keys: { key: Key; signupKey: Key },
): Promise<{ subject: string; text: string; html: string }> {
  const shown = {
    slug: list.slug,
    name: list.name,
    organisation: list.organisation,
    consent: await deps.lists.consent(list, letter.consentVersion),
    privacyUrl: list.privacyUrl,
  }
  if (letter.kind === 'already') {
    const unsubscribeUrl = deps.links.unsubscribe(keys.signupKey, letter.signupId)
    return deps.templates.letter('already', letter.locale, { list: shown, unsubscribeUrl })
  }
  return deps.templates.letter('confirmation', letter.locale, {
    list: shown,
    confirmUrl: deps.links.confirm(keys.key, letter.id),
    notMeUrl: deps.links.notMe(keys.key, letter.id),
    confirmWithin: deps.rules.confirmWithin,
  })
}

/** `bounces+TOKEN@example.com` or `TOKEN@bounce.example.com`; null: letters leave under the address of From. */
export function envelopeSender(returnPath: ReturnPath | null, token: string): string | null {
  if (returnPath === null) return null
  return returnPath.kind === 'plus'
    ? `${returnPath.local}+${token}@${returnPath.domain}`
    : `${token}@${returnPath.domain}`
}

/** RFC 2919 and RFC 8058; only for the letter to somebody who is on the list. */
function listHeaders(deps: Deps, list: List, unsubscribeUrl: string): Record<string, string> {
  const host = new URL(deps.links.home()).hostname
  return {
    'List-Id': `<${list.slug}.${host}>`,
    'List-Unsubscribe': `<${unsubscribeUrl}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  }
}
