// Whom a bounce door takes mail for: the return paths of our letters, and nobody else.
import { domainToASCII } from 'node:url'
import { readReturnToken } from '../core/tokens.ts'
import type { Service } from './service.ts'

/**
 * Ours is what BOUNCE_ADDRESS and a genuine token make, in any case. The token's MAC decides, without the database:
 * a server that asks us back about a letter's sender costs nothing, and a letter that is purged counts as well.
 */
export function isReturnPath(deps: Pick<Service, 'ring' | 'rules'>, recipient: string): boolean {
  const { returnPath } = deps.rules
  if (returnPath === null) return false
  const at = recipient.lastIndexOf('@')
  const local = recipient.slice(0, Math.max(at, 0))
  if (domainToASCII(recipient.slice(at + 1)).toLowerCase() !== returnPath.domain) return false
  if (returnPath.kind === 'wildcard') return readReturnToken(deps.ring, local) !== null
  const before = `${returnPath.local}+`
  const isOurs = local.slice(0, before.length).toLowerCase() === before.toLowerCase()
  return isOurs && readReturnToken(deps.ring, local.slice(before.length)) !== null
}
