// Sends a signup as the service takes it in JSON, and does the work that it asks for on the way.
import { solve } from './solve.js'

/**
 * The form's fields.
 * @param {HTMLFormElement} form
 * @param {string} list
 */
function bodyOf(form, list) {
  /** @type {Record<string, unknown>} */
  const body = { list }
  /** @type {Record<string, string>} */
  const attributes = {}
  for (const [name, value] of new FormData(form)) {
    const member = /^attributes\[(.*)\]$/.exec(name)?.[1]
    if (typeof value !== 'string') continue
    if (member === undefined) body[name] = name === 'as_typed' ? /^(on|1|true)$/.test(value) : value
    else attributes[member] = value
  }
  return { ...body, attributes }
}

/**
 * Null: the service could not be reached.
 * @param {string} url
 * @param {object} body
 */
async function post(url, body) {
  try {
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
    const sent = {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      credentials: /** @type {const} */ ('omit'),
    }
    const answer = await fetch(url, sent)
    return { status: answer.status, result: await answer.json() }
  } catch {
    return null
  }
}

/**
 * @param {{ url: string, form: HTMLFormElement, list: string, more: object }} signup
 * @param {() => void} onWork called when a proof is asked for
 */
export async function sendSignup({ url, form, list, more }, onWork) {
  const body = { ...bodyOf(form, list), ...more }
  let answer = await post(url, body)
  for (let proofs = 0; answer?.status === 428 && proofs < 3; proofs++) {
    onWork()
    const proof = await solve(answer.result.challenge)
    if (proof === null) break
    answer = await post(url, { ...body, proof })
  }
  return answer
}
