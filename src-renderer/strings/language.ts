/**
 * The language of the screens: the user's choice, else the system's. It is chosen once, when the
 * page loads; choosing another loads the page again, and the address brings the same view back.
 */

const KEY = 'flexlab.language'

/** Languages that there is a catalogue of. */
export const LANGUAGES = ['en', 'zh-CN'] as const
/** One of them. */
export type Language = (typeof LANGUAGES)[number]

/** What the user can choose. */
export const LANGUAGE_CHOICES = ['system', ...LANGUAGES] as const
/** One of the choices. */
export type LanguageChoice = (typeof LANGUAGE_CHOICES)[number]

/** What was chosen in this browser. Tests of the state have no browser and speak English. */
export function languageChoice(): LanguageChoice {
  const stored = globalThis.window?.localStorage?.getItem(KEY)
  return LANGUAGE_CHOICES.find((choice) => choice === stored) ?? 'system'
}

/** Chooses and remembers; the caller loads the page again. */
export function chooseLanguage(choice: LanguageChoice): void {
  window.localStorage.setItem(KEY, choice)
}

/** The language to speak: the first of the system's that there is a catalogue of. */
export function spokenLanguage(
  choice: LanguageChoice,
  wanted: readonly string[] = globalThis.window?.navigator?.languages ?? [],
): Language {
  if (choice !== 'system') return choice
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag) && !/^zh-(hant|tw|hk|mo)/i.test(tag)) return 'zh-CN'
    if (/^en\b/i.test(tag)) return 'en'
  }
  return 'en'
}
