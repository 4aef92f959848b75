// The IMAP door of a running service, at a server of the test, with waits that suit a test.
import type { ImapConfig } from '../../../src/config.ts'
import type { Waits } from '../../../src/doors/imap/session.ts'
import type { Pauses } from '../../../src/doors/imap/trouble.ts'
import { type ImapDoor, openImapDoor } from '../../../src/doors/imap.ts'
import { openAlone } from '../../../src/store/alone.ts'
import { isDatabaseAway } from '../../../src/store/open-database.ts'
import type { TestService } from '../running-service.ts'
import type { ImapServer } from './server.ts'

export type DoorChanges = { place?: Partial<ImapConfig>; waits?: Partial<Waits>; pauses?: Partial<Pauses> }

export const quickPauses: Pauses = { first: 20, firstAfterLogin: 20, longest: 100, longestForDatabase: 50 }

export function imapPlace(server: Pick<ImapServer, 'port' | 'password'>): ImapConfig {
  const { port, password } = server
  const login = { user: 'bounces@example.com', password }
  return { host: '127.0.0.1', port, secure: false, isLocal: true, ...login, folder: ['INBOX'] }
}

export function doorAt(running: TestService, server: ImapServer, changes: DoorChanges = {}): ImapDoor {
  return openImapDoor({
    place: { ...imapPlace(server), ...changes.place },
    service: running.service,
    alone: openAlone({ connectionString: running.databaseUrl }),
    isDatabaseAway,
    waits: { busy: 20, ...changes.waits },
    pauses: { ...quickPauses, ...changes.pauses },
  })
}
