// BOUNCE_IMAP_URL: the mailbox in which we look for letters that came back.
import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { isHostName } from './host-name.ts'
import { isLoopback } from './http.ts'
import type { Reading, Settings } from './settings.ts'
import type { ImapConfig } from './shape.ts'

const instead =
  'imaps://user:password@host/INBOX, with signs such as @ / # % in user, password and folder percent-encoded'

export function readImap(settings: Settings): ImapConfig | null {
  const place = settings.readSecret('BOUNCE_IMAP_URL', null, readImapUrl)
  if (place !== null && settings.isSet('SMTP_URL') && !settings.isSet('BOUNCE_ADDRESS')) {
    settings.warnings.push(
      'BOUNCE_IMAP_URL is set, but BOUNCE_ADDRESS is not: letters come back to the address of MAIL_FROM, and only the mailbox of that address would show them. Write bounces@example.com, with a mailbox of its own',
    )
  }
  return place
}

function readImapUrl(text: string): Reading<ImapConfig> {
  const wrong = (problem: string): Reading<ImapConfig> => ({ kind: 'wrong', problem, instead })
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'imap:' && url.protocol !== 'imaps:')) {
    return wrong('is not an imap:// or imaps:// address')
  }
  if (url.search !== '' || url.hash !== '') return wrong('goes on after the folder')
  const [user, password, host] = [url.username, url.password, url.hostname].map(decoded)
  const folder = readFolder(url.pathname)
  if (user === null || password === null || host === null || folder === null) {
    return wrong('has a % that begins no percent-encoding')
  }
  if (user === undefined || user === '') return wrong('names no user')
  if (password === undefined || password === '') return wrong('names no password')
  if (host === undefined || host === '') return wrong('names no host')
  const name = readHost(host)
  if (name === null) return wrong('names a host that is neither an address nor a name')
  if (url.port === '0') return wrong('has 0 for a port')
  if ([user, password, ...folder].some((part) => /\p{Cc}/u.test(part))) {
    return wrong('has a control character in user, password or folder')
  }
  if (folder.length > 1 && folder.includes('')) return wrong('has an empty name in the path of its folder')
  if (/^Ayes[/.](handled|unmatched)$/i.test(folder.join('/'))) {
    return wrong('names a folder into which Ayes itself moves what it has read')
  }
  const secure = url.protocol === 'imaps:' || url.port === '993'
  const port = url.port === '' ? (secure ? 993 : 143) : Number(url.port)
  const value = { host: name, port, secure, isLocal: isLoopback(name), user, password, folder }
  return { kind: 'value', value }
}

/** One name for each level, since servers divide them by different signs; a `%2F` stays within a name. */
function readFolder(path: string): string[] | null {
  const bare = path.replace(/^\//, '').replace(/\/$/, '')
  if (bare === '') return ['INBOX']
  const names = bare.split('/').map(decoded)
  const known = names.filter((name) => name !== null)
  return known.length === names.length ? known : null
}

function readHost(host: string): string | null {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  if (isIP(bare) !== 0) return bare
  const name = domainToASCII(bare)
  return isHostName(name) ? name : null
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
