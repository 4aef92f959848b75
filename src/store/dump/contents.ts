// What a dump holds, in an order in which rows may come before those that refer to them.
import type { Schema } from '../schema.ts'

export const dumpedTables = [
  'installation',
  'lists',
  'consents',
  'addresses',
  'mailboxes',
  'signups',
  'departures',
  'letters',
  'events',
  'bounces',
  'stats',
  'acts',
  'waves',
  'report_letters',
  'proven_domains',
  'domain_witnesses',
  'relay',
] as const satisfies readonly (keyof Schema)[]

/** Counts of the last minutes or the last day: what is restored elsewhere begins anew. */
export const leftOutTables = [
  'clients',
  'decoys',
  'recent_counts',
  'bounce_alarm',
  'webhook_tokens',
  'spent_proofs',
] as const satisfies readonly (keyof Schema)[]

export type DumpedTable = { readonly name: string; readonly columns: readonly string[] }

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function isDumped(name: string): boolean {
  return dumpedTables.some((table) => table === name)
}
