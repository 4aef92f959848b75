/** How a person showed the will to confirm: the evidence is kept with the signup's events. */
export const waysToConfirm = ['button', 'evidence', 'own-browser', 'api'] as const
export type ConfirmedBy = (typeof waysToConfirm)[number]

/** `said`: what the page's form says about itself; it may say only what a page can know. */
export function confirmedBy(said: string | null, isPage: boolean): ConfirmedBy {
  if (said === 'evidence' || said === 'own-browser') return said
  return said === null && !isPage ? 'api' : 'button'
}
