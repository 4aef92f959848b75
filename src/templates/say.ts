// Two tags that put a phrase of the catalogue into a template. Both find their phrases while parsing, so a missing key
// is a mistake at start.
//   {% say confirm.title %}                                 this phrase
//   {% say_for error: error.code, error.reason %}           error.CODE.REASON, else error.CODE, error.REASON, error.other

import type { Context, Emitter, Liquid, TagToken, Template, TopLevelToken, ValueToken } from 'liquidjs'
import { evalToken, Tag } from 'liquidjs'

export type Phrases = {
  find(key: string): Template[] | undefined
  under(prefix: string): ReadonlyMap<string, Template[]>
}

const KEY = /^[\w.-]+$/
const PREFIX = /^([\w.-]+):/

export function addSayTags(engine: Liquid, phrases: Phrases): void {
  class Say extends Tag {
    readonly #phrase: Template[]

    constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
      super(token, remaining, liquid)
      const key = token.args.trim()
      if (!KEY.test(key)) throw new Error(`"say" needs a key, not "${key}"`)
      const phrase = phrases.find(key)
      if (phrase === undefined) throw new Error(`there is no "${key}" among the words`)
      this.#phrase = phrase
    }

    *render(context: Context, emitter: Emitter): Generator {
      yield this.liquid.renderer.renderTemplates(this.#phrase, context, emitter)
    }

    // biome-ignore lint/correctness/useYield: liquidjs asks for a generator
    *children(): Generator<unknown, Template[]> {
      return this.#phrase
    }
  }

  class SayFor extends Tag {
    readonly #choice: ReadonlyMap<string, Template[]>
    readonly #other: Template[]
    readonly #values: ValueToken[] = []

    constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
      super(token, remaining, liquid)
      const prefix = PREFIX.exec(token.args)?.[1]
      if (prefix === undefined) throw new Error('"say_for" needs a prefix, a colon and values')
      this.#choice = phrases.under(`${prefix}.`)
      const other = this.#choice.get('other')
      if (other === undefined) throw new Error(`there is no "${prefix}.other" among the words`)
      this.#other = other
      this.tokenizer.p += prefix.length + 1
      for (let value = this.tokenizer.readValue(); value; value = this.tokenizer.readValue()) {
        this.#values.push(value)
        this.tokenizer.skipBlank()
        if (this.tokenizer.peek() === ',') this.tokenizer.p++
      }
      if (this.#values.length === 0) throw new Error(`"say_for ${prefix}" needs a value`)
    }

    *render(context: Context, emitter: Emitter): Generator {
      const names: string[] = []
      for (const token of this.#values) {
        const value: unknown = yield evalToken(token, context)
        if (value !== null && value !== undefined) names.push(String(value))
      }
      const candidates = [names.join('.'), ...names]
      const found = candidates.map((name) => this.#choice.get(name)).find((phrase) => phrase !== undefined)
      yield this.liquid.renderer.renderTemplates(found ?? this.#other, context, emitter)
    }

    // biome-ignore lint/correctness/useYield: liquidjs asks for a generator
    *children(): Generator<unknown, Template[]> {
      return [...this.#choice.values()].flat()
    }

    arguments(): ValueToken[] {
      return this.#values
    }
  }

  engine.registerTag('say', Say)
  engine.registerTag('say_for', SayFor)
}
