import { readAddress } from '../core/address.ts'

/** `Name <address>` or a bare address, as a list's `from` holds it; null if it is neither. */
export function readMailbox(text: string): { name: string; address: string } | null {
  const match = /^\s*(?:"?([^"<>\r\n]*?)"?\s*)<([^<>]+)>\s*$/.exec(text)
  const name = match?.[1] ?? ''
  const reading = readAddress(match?.[2] ?? text)
  return reading.kind === 'address' ? { name, address: reading.address.email } : null
}
