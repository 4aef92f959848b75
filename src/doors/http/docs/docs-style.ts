export const docsStyle = `
:root { color-scheme: light dark; background: Canvas; color: CanvasText; --line: #8884; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 0 auto; padding: 1rem 1rem 6rem; }
h1, h2, h3 { line-height: 1.2; }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); }
h3 { margin-top: 2rem; font-size: 1rem; }
code { font: 0.9em ui-monospace, monospace; background: var(--soft); border-radius: 3px; padding: 0 0.2em; }
h3 code { font-size: 1rem; background: none; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; margin: 0.5rem 0; }
caption { text-align: left; font-weight: 600; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.5rem; border-top: 1px solid var(--line); }
th { font-weight: normal; width: 30%; overflow-wrap: anywhere; }
dt { margin-top: 0.75rem; }
dt:target, h3:target { background: #fd05; }
dd { margin-left: 1.5rem; }
`
