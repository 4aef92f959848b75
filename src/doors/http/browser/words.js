// Words come from the service in the page's language; nothing of them or of the visitor is ever read as HTML.

/**
 * @param {string} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

/**
 * A phrase with its `{places}` filled, each set apart so that it is safe in a sentence of the other direction.
 * @param {string | undefined} phrase
 * @param {Record<string, string | null>} values
 */
export function say(phrase = '', values = {}) {
  const said = document.createDocumentFragment()
  for (const part of phrase.split(/(\{\w+\})/)) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1]
    if (name === undefined) said.append(part)
    else said.append(marked(name, values[name] ?? ''))
  }
  return said
}

/**
 * @param {string} name
 * @param {string} value
 */
function marked(name, value) {
  if (name === 'list' || name === 'inbox') return make('bdi', {}, value)
  const at = value.lastIndexOf('@') + 1
  // What a mistyped address differs in stands out.
  return name === 'suggestion'
    ? make('bdi', { dir: 'ltr' }, value.slice(0, at), make('strong', {}, value.slice(at)))
    : make('bdi', { dir: 'ltr' }, make('strong', {}, value))
}

/**
 * @param {string} label
 * @param {Node} words
 * @param {() => void} onClick
 */
export function button(label, words, onClick) {
  const made = make('button', { type: 'button', class: label }, words)
  made.addEventListener('click', onClick)
  return made
}
