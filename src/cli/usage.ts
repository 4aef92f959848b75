// What the command line says about itself.

export type Help = { readonly call: string; readonly does: string; readonly more: readonly string[] }

export const help = {
  serve: {
    call: 'serve',
    does: 'run the service, as npm start does',
    more: ['Migrates the database, listens, and ends cleanly on SIGTERM or Ctrl-C.'],
  },
  migrate: {
    call: 'migrate',
    does: 'bring the database to the form that this release needs',
    more: [
      'Prints the name of each step that it takes, a line each; nothing when there is none to take.',
      'The service does the same when it starts.',
    ],
  },
  dump: {
    call: 'dump FILE',
    does: 'write everything, database and secrets, into a new file',
    more: [
      'The file must not be there yet; only you may read it, and it holds ADMIN_TOKEN and SECRET_KEY as they are.',
      'Works beside a running service, and from any PostgreSQL into any other.',
    ],
  },
  restore: {
    call: 'restore FILE',
    does: 'put everything from such a file into an empty installation',
    more: [
      'Refuses where there are signups or lists, and while a service uses the database.',
      'It is all or nothing: whatever ends it early leaves the installation empty.',
    ],
  },
  suggest: {
    call: 'suggest [ADDRESS…]',
    does: 'say what addresses, or bare domains, were probably meant to be',
    more: [
      'Without an ADDRESS it reads standard input, an address a line. Prints a JSON object for each, in order:',
      '{"input","suggestion","reason","error"}. Knows the domains of SUGGEST_DOMAINS; needs',
      'no database and no network.',
    ],
  },
  classify: {
    call: 'classify FILE… [--files-from LIST]',
    does: 'say what bounce messages mean',
    more: [
      '- is standard input. LIST is a file of names, or - for standard input, each on a line or ended by NUL: npm hands',
      'over some 100 KB of arguments at most, so for thousands of files: find DIR -type f -print0 | … --files-from -',
      'Prints a JSON object for each FILE, in order: {"file","is_bounce","category","status",',
      '"reply","recipient","original_recipient","forwarded","reporter"}. Needs no database and no settings.',
    ],
  },
  export: {
    call: 'export LIST [--format csv|ndjson] [--since TIME|CURSOR]',
    does: 'print the subscribers of a list, as GET /api/lists/LIST/subscribers does',
    more: [
      'Only who has confirmed. The cursor for --since next time is told on standard error.',
      'An export that broke off ends with a message and status 1: do not use what it printed.',
    ],
  },
  check: {
    call: 'check FILE.csv [--column NAME] [--out FILE] [--dns] [--dns-rate N]',
    does: 'go over an existing list, and write it with what is wrong with each address',
    more: [
      'Prints the same rows with three columns more: ayes_status (ok, suggestion, invalid, no-mail), ayes_reason and',
      'ayes_suggestion. - is standard input. The column is found by its name or by its content; NAME may be a number,',
      'from 1. --out writes a new file, which is there only when all of it was checked.',
      '--dns asks the DNS whether domains take mail, N questions a second (50). Nothing is stored and nothing is sent.',
    ],
  },
  doctor: {
    call: 'doctor [--send ADDRESS] [--json]',
    does: 'say what is wrong with the settings, the relay and the DNS, and how to mend it',
    more: [
      'Checks settings, database, links, relay, return path, MX, SPF, DKIM and DMARC, and changes nothing.',
      '--send sends one letter to ADDRESS and follows it to the last word of the relay.',
      '--json prints a JSON object for each finding: {"group","check","result","found","mend"} (and "seconds").',
      'Status: 0 when nothing is wrong, warnings or not; else 1, wrong settings included.',
    ],
  },
} as const satisfies Readonly<Record<string, Help>>

export type CommandName = keyof typeof help

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(help, name)
}

export function overview(): string[] {
  const lines = Object.values(help).map(({ call, does }) => `  ${call.split(' [--')[0]?.padEnd(20)} ${does}`)
  return [
    'Usage: npm run --silent ayes -- COMMAND',
    '',
    ...lines,
    '',
    'COMMAND --help says more. Data goes to standard output, messages to standard error.',
    'Status: 0 ok, 1 failed, 64 wrong usage, 78 wrong settings.',
  ]
}

export function helpFor(name: CommandName): string[] {
  const { call, does, more } = help[name]
  return [
    `Usage: npm run --silent ayes -- ${call}`,
    '',
    `${does.charAt(0).toUpperCase()}${does.slice(1)}.`,
    ...more,
  ]
}

/** The command that was probably meant, when two letters or fewer are wrong. */
export function commandLike(name: string): CommandName | null {
  const distances = Object.keys(help)
    .filter(isCommandName)
    .map((known) => ({ known, steps: distance(name.toLowerCase(), known) }))
    .toSorted((a, b) => a.steps - b.steps)
  const [nearest] = distances
  return nearest !== undefined && nearest.steps <= 2 ? nearest.known : null
}

/** Levenshtein's, over short words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (const [i, letter] of [...a.slice(0, 20)].entries()) {
    const next = [i + 1]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? Number.POSITIVE_INFINITY
}
