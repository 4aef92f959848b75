// One connection to the small IMAP server of the tests: as much of RFC 3501 and its extensions as a client of ours
// says, answered from memory.
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { type Mailbox, picked, put, remove } from './mailboxes.ts'
import type { ImapServer, ImapSession } from './server-state.ts'

export function serve(socket: Socket, server: ImapServer): ImapSession {
  socket.setNoDelay(true)
  let mailbox: Mailbox | null = null
  let view: number[] = []
  let idleTag: string | null = null
  const say = (line: string) => void socket.write(`${line}\r\n`)

  /** What has changed since the client last heard. */
  function tell(): void {
    if (mailbox === null) return
    const uids = mailbox.messages.map(({ uid }) => uid)
    for (let at = view.length - 1; at >= 0; at--) {
      if (!uids.includes(view[at] ?? 0)) say(`* ${at + 1} EXPUNGE`)
    }
    const known = uids.filter((uid) => view.includes(uid)).length
    if (uids.length > known) say(`* ${uids.length} EXISTS`)
    view = uids
  }

  function fetch(range: string, items: string): void {
    if (mailbox === null) return
    const [, start, length] = /BODY\.PEEK\[\]<(\d+)\.(\d+)>/.exec(items) ?? []
    for (const message of picked(mailbox, range)) {
      const from = Number(start ?? 0)
      const part = server.ignoresPartial
        ? message.raw
        : message.raw.subarray(from, from + Number(length ?? message.raw.length))
      server.longestFetched = Math.max(server.longestFetched, part.length)
      const seq = mailbox.messages.indexOf(message) + 1
      socket.write(
        `* ${seq} FETCH (UID ${message.uid} BODY[]${start === undefined ? '' : `<${from}>`} {${part.length}}\r\n`,
      )
      socket.write(part)
      say(')')
    }
  }

  function copy(range: string, name: string): boolean {
    const target = server.mailboxes.get(name)
    if (mailbox === null || target === undefined) return false
    for (const { raw, flags } of picked(mailbox, range)) put(target, raw, flags)
    server.changed()
    return true
  }

  /** The rest of the tagged answer. */
  function answer(command: string, words: readonly string[], rest: string): string {
    const name = words[0] ?? ''
    switch (command) {
      case 'CAPABILITY':
        say(`* CAPABILITY IMAP4rev1 ${server.capabilities.join(' ')}`)
        return 'OK done'
      case 'LOGIN':
        return words[1] === server.password ? 'OK in' : 'NO [AUTHENTICATIONFAILED] wrong'
      case 'NAMESPACE':
        say(`* NAMESPACE (("${server.prefix}" "${server.delimiter}")) NIL NIL`)
        return 'OK done'
      case 'LIST':
      case 'LSUB':
        if (words[1] === '') say(`* ${command} (\\Noselect) ${server.sign} ""`)
        for (const path of server.mailboxes.keys()) {
          if (path === words[1]) say(`* ${command} () ${server.sign} "${path}"`)
        }
        return 'OK done'
      case 'STATUS':
        if (!server.mailboxes.has(name)) return 'NO no such mailbox'
        say(`* STATUS "${name}" (UIDNEXT 1)`)
        return 'OK done'
      case 'SELECT': {
        mailbox = server.mailboxes.get(name) ?? null
        if (mailbox === null) return 'NO no such mailbox'
        view = mailbox.messages.map(({ uid }) => uid)
        say('* FLAGS (\\Seen \\Deleted)')
        say(`* ${view.length} EXISTS`)
        say(`* OK [UIDVALIDITY ${mailbox.validity}] valid`)
        say(`* OK [UIDNEXT ${mailbox.nextUid}] next`)
        return server.isReadOnly ? 'OK [READ-ONLY] open' : 'OK [READ-WRITE] open'
      }
      case 'CREATE':
        return server.create(name)
      case 'SUBSCRIBE':
        return 'OK done'
      case 'UID SEARCH': {
        const open = (mailbox?.messages ?? []).filter(({ flags }) => !flags.has('\\Deleted'))
        say(`* SEARCH ${open.map(({ uid }) => uid).join(' ')}`.trimEnd())
        return 'OK done'
      }
      case 'UID FETCH':
        fetch(name, rest)
        return 'OK done'
      case 'UID COPY':
        return copy(name, words[1] ?? '') ? 'OK done' : 'NO [TRYCREATE] no such mailbox'
      case 'UID MOVE':
        if (!server.capabilities.includes('MOVE')) return 'BAD unknown command'
        if (!copy(name, words[1] ?? '')) return 'NO [TRYCREATE] no such mailbox'
        if (mailbox !== null) remove(mailbox, picked(mailbox, name))
        return 'OK done'
      case 'UID STORE':
        for (const { flags } of mailbox === null ? [] : picked(mailbox, name)) flags.add('\\Deleted')
        return 'OK done'
      case 'UID EXPUNGE':
      case 'EXPUNGE':
        if (mailbox !== null) {
          const those = command === 'EXPUNGE' ? mailbox.messages : picked(mailbox, name)
          remove(
            mailbox,
            those.filter(({ flags }) => flags.has('\\Deleted')),
          )
        }
        return 'OK done'
      case 'LOGOUT':
        say('* BYE bye')
        return 'OK done'
      default:
        return command === 'NOOP' ? 'OK done' : 'BAD unknown command'
    }
  }

  function take(line: string): void {
    if (idleTag !== null) {
      if (line === 'DONE') say(`${idleTag} OK done`)
      idleTag = null
      return
    }
    const [, tag = '', command = '', rest = ''] = /^(\S+) ((?:UID )?[A-Z]+) ?(.*)$/i.exec(line) ?? []
    server.said.push(`${command} ${command === 'LOGIN' ? '' : rest}`.trim())
    const fault = server.fault(command, rest, socket)
    if (fault === 'silent') return
    if (fault !== null) {
      say(`${tag} ${fault}`)
      return
    }
    if (command === 'IDLE' && server.capabilities.includes('IDLE')) {
      idleTag = tag
      say('+ idling')
      tell()
      return
    }
    const result = answer(command, wordsOf(rest), rest)
    if (command !== 'UID FETCH' && command !== 'SELECT') tell()
    say(`${tag} ${result}`)
    if (command === 'LOGOUT') socket.end()
  }

  socket.on('error', () => {})
  // Broken lines are what some tests want; the reader of lines passes the socket's errors on.
  createInterface({ input: socket })
    .on('line', take)
    .on('error', () => {})
  say(`* OK [CAPABILITY IMAP4rev1 ${server.capabilities.join(' ')}] ready`)
  return {
    socket,
    sync() {
      if (idleTag !== null) tell()
    },
  }
}

/** Atoms and quoted strings. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|([^\s]+)/g)].map(
    ([, quoted, atom]) => quoted?.replaceAll(/\\(.)/g, '$1') ?? atom ?? '',
  )
}
