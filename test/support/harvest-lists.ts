// One list for each language, as somebody who writes in it would have set it up.
import type { TestService } from './running-service.ts'

type Words = { readonly name: string; readonly organisation: string; readonly consent: string }

const harvest: Readonly<Record<string, Words>> = {
  en: {
    name: 'The Weekly Harvest',
    organisation: 'Green Fields Cooperative, 12 Mill Lane, Bristol',
    consent: 'I want the weekly letter about seasonal vegetables. I can leave at any time with one click.',
  },
  de: {
    name: 'Erntebrief',
    organisation: 'Genossenschaft Grüne Felder eG, Mühlgasse 12, Freiburg',
    consent: 'Ich möchte jede Woche den Brief über Gemüse der Saison. Abmelden kann ich mich jederzeit.',
  },
  fr: {
    name: 'La lettre du potager',
    organisation: 'Coopérative Les Champs Verts, 12 rue du Moulin, Lyon',
    consent:
      'Je souhaite recevoir chaque semaine la lettre des légumes de saison. Je peux me désinscrire à tout moment.',
  },
  es: {
    name: 'La carta de la huerta',
    organisation: 'Cooperativa Campos Verdes, calle del Molino 12, Valencia',
    consent:
      'Quiero recibir cada semana la carta de las verduras de temporada. Puedo darme de baja cuando quiera.',
  },
  'pt-BR': {
    name: 'Carta da Horta',
    organisation: 'Cooperativa Campos Verdes, Rua do Moinho 12, Curitiba',
    consent: 'Quero receber toda semana a carta das verduras da estação. Posso sair quando quiser.',
  },
  ja: {
    name: '週刊・旬の畑だより',
    organisation: '緑野農業協同組合　長野県松本市水車町1-2',
    consent: '旬の野菜のお便りを毎週受け取ることに同意します。いつでも解除できます。',
  },
  ar: {
    name: 'رسالة الحصاد الأسبوعية',
    organisation: 'تعاونية الحقول الخضراء، شارع الطاحونة 12، عمّان',
    consent: 'أريد تلقي الرسالة الأسبوعية عن خضار الموسم، ويمكنني إلغاء الاشتراك في أي وقت.',
  },
}

/** Makes the list and answers its slug. */
export async function makeHarvestList(service: TestService, locale: string): Promise<string> {
  const slug = `harvest-${locale.toLowerCase()}`
  const words = harvest[locale] ?? harvest.en
  const body = JSON.stringify({ ...words, locale, privacy_url: 'https://example.com/privacy' })
  const headers = { 'content-type': 'application/json' }
  const answer = await service.admin(`/api/lists/${slug}`, { method: 'PUT', headers, body })
  if (!answer.ok) throw new Error(`${slug}: ${answer.status} ${await answer.text()}`)
  return slug
}
