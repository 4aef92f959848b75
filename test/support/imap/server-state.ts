// What the small IMAP server of the tests is told to be, and what it has seen.
import type { Socket } from 'node:net'
import type { Mailbox } from './mailboxes.ts'

export type ImapSession = { readonly socket: Socket; sync(): void }

export type ImapServer = {
  readonly port: number
  readonly password: string
  capabilities: string[]
  delimiter: string
  prefix: string
  /** The delimiter as LIST says it. */
  readonly sign: string
  isReadOnly: boolean
  /** Sends whole messages whatever part was asked for. */
  ignoresPartial: boolean
  readonly mailboxes: Map<string, Mailbox>
  readonly inbox: Mailbox
  /** Every command, oldest first. */
  readonly said: string[]
  longestFetched: number
  readonly sessions: Set<ImapSession>
  /** An answer in place of the right one; `silent` for none. */
  fault(command: string, rest: string, socket: Socket): string | 'silent' | null
  create(name: string): string
  deliver(raw: Buffer | string, flags?: string[]): number
  /** Tells those who are idling. */
  changed(): void
  /** The messages of a mailbox, as text. */
  texts(name: string): string[]
  close(): Promise<void>
}
