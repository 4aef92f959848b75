/** Mail that was made to be slow or to break a reader, a megabyte each; the bench measures what the tests run. */

const MEGABYTE = 1024 * 1024
const DAEMON = 'From: mailer-daemon@x.example\nSubject: failure\n'

function filled(piece: string, head = ''): Buffer {
  const times = Math.ceil(MEGABYTE / piece.length)
  return Buffer.from(head + piece.repeat(times), 'latin1').subarray(0, MEGABYTE)
}

/** Every level opens a new multipart; what is left of the megabyte is `rest`. */
function nested(levels: number, boundary: (level: number) => string, rest = ''): Buffer {
  const heads = Array.from(
    { length: levels },
    (_, level) => `Content-Type: multipart/mixed; boundary=${boundary(level)}\n\n--${boundary(level)}\n`,
  )
  return rest === '' ? Buffer.from(heads.join('')) : filled(rest, heads.join(''))
}

/** Reports in reports, each behind as many levels of parts as are read. */
function reportsInReports(rest: string): Buffer {
  let head = ''
  for (let report = 0; report < 6; report += 1) {
    head += `From: a@b.example\nContent-Type: multipart/report; boundary=r${report}\n\n--r${report}\n`
    for (let level = 0; level < 7; level += 1) {
      const name = `b${report}${level}`
      head += `Content-Type: multipart/mixed; boundary=${name}\n\n--${name}\n`
    }
    head += 'Content-Type: message/rfc822\n\n'
  }
  return filled(rest, head)
}

const encodedAs = (encoding: string, type = 'text/plain') =>
  `${DAEMON}Content-Transfer-Encoding: ${encoding}\nContent-Type: ${type}\n\n`
const inRows = (text: string) => text.replace(/(.{76})/g, '$1\n')

const shaped: readonly (readonly [what: string, input: Buffer])[] = [
  ['empty lines', filled('\n')],
  ['lone CR', filled('\r')],
  ['CR CR LF', filled('\r\r\n', `${DAEMON}\n`)],
  ['header fields', filled('a: b\n')],
  ['100,000 header lines', Buffer.from(`${'X-Header: b\n'.repeat(100_000)}\nhello`).subarray(0, MEGABYTE)],
  ['folded lines', filled(' x\n', 'Subject: a\n')],
  ['encoded words', filled('=?utf-8?q?a?= ', 'Subject: ')],
  ['parts', filled('--b\n\nx\n', 'Content-Type: multipart/mixed; boundary=b\n\n')],
  [
    '100,000 parts',
    Buffer.from(`Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(100_000)}`),
  ],
  ['boundaries that are none', filled('\n--c', 'Content-Type: multipart/mixed\n\n')],
  ['boundaries in a boundary', nested(1000, (level) => 'b'.repeat(level + 1))],
  ['parts nested 1,000 deep', nested(1000, (level) => `b${level}`)],
  ['empty lines below nested parts', nested(8, (level) => `b${level}`, '\n')],
  ['CR below nested parts', nested(8, (level) => `b${level}`, '\r')],
  ['reports in reports', reportsInReports('\n')],
  ['reports in reports, with boundaries that are none', reportsInReports('\n--b')],
  [
    'letters in letters',
    filled('Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n'),
  ],
  ['groups of a report', filled('Action: failed\n\n', 'Content-Type: message/delivery-status\n\n')],
  [
    'groups with long names',
    filled(
      `Final-Recipient: ${'a'.repeat(1000)}\nAction: x\n\n`,
      'Content-Type: message/delivery-status\n\n',
    ),
  ],
  ['base64', filled('aaaa=\n', encodedAs('base64'))],
  ['base64 of empty lines', filled(inRows('CgoKCgoK'.repeat(200)), encodedAs('base64'))],
  [
    'base64 of tags',
    filled(inRows(Buffer.from('<p a="').toString('base64').repeat(200)), encodedAs('base64', 'text/html')),
  ],
  ['quoted-printable', filled('=41=\n', encodedAs('quoted-printable'))],
  [
    'Japanese that never ends',
    filled('\x1b$B', `${DAEMON}Content-Type: text/plain; charset=iso-2022-jp\n\n\xff`),
  ],
  ['open tags', filled('<p', `${DAEMON}Content-Type: text/html\n\n`)],
  ['styles', filled('<style>', `${DAEMON}Content-Type: text/html\n\n`)],
  ['replies', filled('said: 550 5.1.1 user ', `${DAEMON}\n`)],
  ['almost wordings', filled('recipient address domain user mailbox host ', `${DAEMON}\n`)],
  ['almost wordings in other languages', filled('adresse konto correo casella no hay kein ', `${DAEMON}\n`)],
  ['almost headers', filled('To: b\n', `${DAEMON}\nhello\n`)],
  ['almost addresses', filled('a@<', `${DAEMON}\n`)],
  ['one long word', filled('a', `${DAEMON}\n550 `)],
  ['JSON', filled('{"a":', `${DAEMON}\n`)],
]

const nasty = [
  '\0',
  '\t',
  ' ',
  '"',
  '(',
  '<',
  '>',
  '-',
  '=',
  '.',
  '@',
  ':',
  ';',
  '\\',
  '\x1b',
  '\x80',
  '\xff',
  '5',
  'a',
]

export const hostileInputs: readonly (readonly [what: string, input: Buffer])[] = [
  ...shaped,
  ...nasty.flatMap((sign) => {
    const name = JSON.stringify(sign)
    return [
      [`nothing but ${name}`, filled(sign)],
      [`a body of ${name}`, filled(sign, `${DAEMON}\n`)],
      [`a header of ${name}`, filled(sign, `${DAEMON}X-A: `)],
    ] as const
  }),
]

/** The same numbers for the same seed, whatever the engine (mulberry32). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** One message, damaged in one way: cut, repeated, lines reordered, doubled or lost, random bytes, other line ends. */
export function damage(raw: Buffer, random: (below: number) => number): Buffer {
  const lines = raw.toString('latin1').split('\n')
  const some = () => random(lines.length)
  switch (random(7)) {
    case 0:
      return raw.subarray(0, random(raw.length + 1))
    case 1:
      return raw.subarray(random(raw.length + 1))
    case 2:
      return Buffer.concat(Array.from({ length: 2 + random(4) }, () => raw))
    case 3: {
      for (let turn = 0; turn < 20; turn += 1) {
        const [one, other] = [some(), some()]
        const held = lines[one] ?? ''
        lines[one] = lines[other] ?? ''
        lines[other] = held
      }
      return Buffer.from(lines.join('\n'), 'latin1')
    }
    case 4: {
      for (let turn = 0; turn < 10; turn += 1)
        lines.splice(some(), random(3), ...lines.slice(some(), some()).slice(0, 5))
      return Buffer.from(lines.join('\n'), 'latin1')
    }
    case 5: {
      const bytes = Buffer.from(raw)
      if (bytes.length > 0) for (let turn = 0; turn < 40; turn += 1) bytes[random(bytes.length)] = random(256)
      return bytes
    }
    default:
      return Buffer.from(lines.map((line) => line + (random(9) === 0 ? '\r' : '')).join('\n'), 'latin1')
  }
}
