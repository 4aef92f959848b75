// The owner's part of the form's page: which snippet, with which source, and into the clipboard.
for (const owner of document.querySelectorAll('.owner')) {
  const source = owner.querySelector('input[name="source"]')
  const texts = [...owner.querySelectorAll('pre')].map((place) => ({ place, text: place.textContent ?? '' }))
  const write = () => {
    const word = source instanceof HTMLInputElement ? source.value.trim().replaceAll(/[^\w .:/-]/g, '') : ''
    for (const { place, text } of texts)
      place.textContent = text.replace('SOURCE', word === '' ? 'website' : word)
  }
  source?.addEventListener('input', write)
  write()
  for (const button of owner.querySelectorAll('button')) {
    const place = document.getElementById(button.getAttribute('aria-controls') ?? '')
    button.hidden = false
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(place?.textContent ?? '')
      button.textContent = 'Copied'
    })
  }
}
