import { readAddress } from '../core/address.ts'

/** Whether two spellings are the same address by the rule of the whole service (contract, section 3). */
export function sameAddress(one: string, other: string): boolean {
  return keyOf(one) === keyOf(other)
}

function keyOf(email: string): string {
  const reading = readAddress(email)
  return reading.kind === 'address' ? reading.address.key : email
}
