// `ayes suggest`: what addresses were probably meant to be, a line each, in order.
import { readAddress } from '../core/address.ts'
import type { Suggester } from '../core/suggestion.ts'
import { type Command, readArguments } from './command.ts'
import { linesOf } from './lines.ts'
import { openOutput } from './output.ts'
import { openOwnSuggester } from './own-suggester.ts'

type Answer = { suggestion: string | null; reason: string | null; error: string | null }

const nothing: Answer = { suggestion: null, reason: null, error: null }

export const run: Command = async (args, around) => {
  const { stdin, stdout, say } = around
  const { operands } = readArguments(args)
  const output = openOutput(stdout)
  const answer = openAnswers(openOwnSuggester(around))
  if (operands.length === 0 && stdin.isTTY === true) {
    say(['Addresses, one a line; Ctrl-D ends it.'])
  }
  const batches = operands.length > 0 ? [operands] : linesOf(stdin)
  for await (const lines of batches) {
    for (const input of lines) {
      const written = output.line(JSON.stringify({ input, ...answer(input) }))
      if (written !== null) await written
    }
  }
  await output.end()
  return 0
}

/** A list holds few domains many times. */
const mostRemembered = 20_000

export function openAnswers({ suggestDomain }: Pick<Suggester, 'suggestDomain'>): (input: string) => Answer {
  const remembered = new Map<string, string | null>()

  function better(domain: string): string | null {
    let found = remembered.get(domain)
    if (found === undefined) {
      found = suggestDomain(domain)
      if (remembered.size >= mostRemembered) remembered.clear()
      remembered.set(domain, found)
    }
    return found
  }

  return (input) => {
    const bare = input.includes('@') ? null : readBareDomain(input)
    if (bare !== null) return aboutDomain(better(bare))
    const reading = readAddress(input)
    if (reading.kind === 'invalid') {
      const { suggestion, reason: error } = reading
      return { suggestion: suggestion?.email ?? null, reason: suggestion?.reason ?? null, error }
    }
    if (reading.question !== null) return { ...nothing, suggestion: reading.question.email, reason: 'format' }
    const { local, domain } = reading.address
    const found = better(domain)
    return found === null ? nothing : { suggestion: `${local}@${found}`, reason: 'typo', error: null }
  }
}

function aboutDomain(suggestion: string | null): Answer {
  return suggestion === null ? nothing : { suggestion, reason: 'typo', error: null }
}

/** Read as the domain of an address with a local part of one letter, so that both obey the same rules. */
function readBareDomain(input: string): string | null {
  const text = input.trim()
  if (!text.includes('.') || /\s/.test(text)) return null
  const reading = readAddress(`a@${text}`)
  return reading.kind === 'address' ? reading.address.domain : null
}
