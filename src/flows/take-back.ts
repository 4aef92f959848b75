// Who comes back by the link of a declined signup holds its letter: «not me» can be taken back there too.
import { keyById } from '../core/keys.ts'
import { makeLinkToken, readLinkToken } from '../core/tokens.ts'
import { lookAtDecline } from './decline.ts'
import type { Service } from './service.ts'

/** The not-me token of the letter that this confirm token is of; null: no «not me» holds any more. */
export async function takeBackToken(
  deps: Parameters<typeof lookAtDecline>[0] & Pick<Service, 'ring'>,
  confirmToken: string,
): Promise<string | null> {
  const proven = readLinkToken(deps.ring, 'confirm', confirmToken)
  const key = proven === null ? null : keyById(deps.ring, proven.keyId)
  if (proven === null || key === null) return null
  const token = makeLinkToken(key, 'not-me', proven.id)
  const seen = await lookAtDecline(deps, token)
  return seen.kind === 'declined' ? token : null
}
