// Types of what GET /embed.js defines: <ayes-form>, and the events that bubble from it.

export interface AyesDetail {
  list: string
  email: string
}

export interface AyesEventMap {
  /** "Did you mean …?" is shown. */
  'ayes:suggestion': CustomEvent<AyesDetail & { suggestion: string }>
  /** The signup was taken, and a letter is on its way. */
  'ayes:pending': CustomEvent<AyesDetail & { handle: string }>
  /** The link in the letter was opened, on this device or another. */
  'ayes:confirmed': CustomEvent<AyesDetail>
  /** The letter was refused; `reason` is a category such as `mailbox-does-not-exist`. */
  'ayes:undeliverable': CustomEvent<AyesDetail & { reason: string | null; suggestion: string | null }>
}

export interface AyesFormElement extends HTMLElement {
  addEventListener<K extends keyof AyesEventMap>(
    type: K,
    listener: (event: AyesEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void
}

declare global {
  interface HTMLElementTagNameMap {
    'ayes-form': AyesFormElement
  }
  interface DocumentEventMap extends AyesEventMap {}
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'ayes-form': DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement> & { list?: string }
    }
  }
}
