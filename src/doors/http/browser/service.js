// What the scripts ask the service. Only a domain is ever asked about before the visitor sends.

/**
 * @param {string} base of the service, with a slash at its end
 * @param {{ list: string, locale: string }} wish
 * @returns {Promise<import('./waiting.js').Kit>}
 */
export async function fetchKit(base, { list, locale }) {
  const query = new URLSearchParams({ list, locale })
  const answer = await fetch(`${base}embed.json?${query}`, { credentials: 'omit' })
  if (!answer.ok) throw new Error(`${answer.status}`)
  return answer.json()
}

/**
 * Asks what a domain should be, one question at a time; answers are kept.
 * @param {string} base
 */
export function openSuggester(base) {
  /** @type {Map<string, string | null>} */
  const known = new Map()
  /** @type {AbortController | null} */
  let asking = null
  return {
    cancel: () => asking?.abort(),
    /**
     * Null: it is well, or nobody could say.
     * @param {string} domain
     */
    async ask(domain) {
      asking?.abort()
      const found = known.get(domain)
      if (found !== undefined) return found
      asking = new AbortController()
      const { signal } = asking
      try {
        const query = new URLSearchParams({ domain })
        const answer = await fetch(`${base}suggestions?${query}`, { signal, credentials: 'omit' })
        const { suggestion } = await answer.json()
        const better = suggestion?.domain ?? null
        if (answer.ok || answer.status === 422) known.set(domain, better)
        return signal.aborted ? null : better
      } catch {
        return null
      }
    },
  }
}
