import type { FlowLanguage } from '#core/flows/index.ts';
import { languageOf } from '#core/platform/language.ts';

/** Says a time in the time zone of the deployment. */
export type SpokenTime = (at: Date, now: Date, language: string | undefined) => string;

/** A point in time as a local clock and calendar show it. */
interface Local {
  hour: number;
  minute: number;
  /** Days since 1970, to compare. */
  day: number;
}

interface Language {
  /** The tag for the names of days and months. */
  locale: string;
  /** The words after "since". `plain`: on the same day and within 12 hours, so that no part of the day is needed. */
  clock(local: Local, plain: boolean): string;
  /** For languages where the time alone sounds like a duration after "since". */
  today?(clock: string, local: Local): string;
  yesterday(clock: string): string;
  date(date: { weekday: string; day: number; month: string }, clock: string): string;
}

const HALF_A_DAY_MS = 12 * 3_600_000;

/**
 * Creates the function that says a time as people say it: "ten past two", "14 Uhr 10", with the day when it is not today.
 * The words follow "since" (en), "desde" (es), "seit" (de), or "depuis" (fr). Speech synthesis reads digits as words.
 *
 * @param timeZone an IANA name that Intl knows
 * @returns a function of the time, the current time, and the language of the call (`de-DE`). Other languages get English.
 */
export function createSpokenTime(timeZone: string): SpokenTime {
  let clocks: Intl.DateTimeFormat | undefined;

  function localTime(date: Date): Local {
    // Created at the first use, because most responses contain no time.
    clocks ??= new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    const parts = Object.fromEntries(
      clocks.formatToParts(date).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts;
    return { hour, minute, day: Date.UTC(year, month - 1, day) / 86_400_000 };
  }

  return function spokenTime(at, now, tag) {
    const language = LANGUAGE_OF_CODE.get(languageOf(tag ?? '')) ?? EN;
    const local = localTime(at);
    const days = localTime(now).day - local.day;
    const plain = days === 0 && now.getTime() - at.getTime() < HALF_A_DAY_MS;
    const clock = language.clock(local, plain);
    if (days === 0) return language.today?.(clock, local) ?? clock;
    if (days === 1) return language.yesterday(clock);
    const name = (part: 'weekday' | 'month') =>
      new Intl.DateTimeFormat(language.locale, { timeZone, [part]: 'long' }).format(at);
    const day = new Date(local.day * 86_400_000).getUTCDate();
    return language.date({ weekday: name('weekday'), day, month: name('month') }, clock);
  };
}

const NUMBERS = (
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen quarter sixteen ' +
  'seventeen eighteen nineteen twenty'
).split(' ');

const EN: Language = {
  locale: 'en-US',
  clock({ hour, minute }, plain) {
    const toNext = minute > 30;
    const next = (hour + (toNext ? 1 : 0)) % 24;
    const sharp = next % 12 === 0;
    const name = sharp ? (next === 0 ? 'midnight' : 'noon') : NUMBERS[(next % 12) - 1];
    const day = plain || sharp ? '' : ` ${partOfDay(hour)}`;
    if (minute === 0) return sharp ? `${name}` : `${name} o'clock${day}`;
    return `${minutesInWords(toNext ? 60 - minute : minute)} ${toNext ? 'to' : 'past'} ${name}${day}`;
  },
  yesterday: (clock) => `yesterday at ${clock}`,
  date: ({ weekday, day, month }, clock) => `${weekday}, ${month} ${day}, at ${clock}`,
};

/** Multiples of five go without the word "minutes". */
function minutesInWords(minutes: number): string {
  if (minutes === 30) return 'half';
  const words = minutes <= 20 ? NUMBERS[minutes - 1] : `twenty-${NUMBERS[minutes - 21]}`;
  if (minutes % 5 === 0) return `${words}`;
  return `${words} ${minutes === 1 ? 'minute' : 'minutes'}`;
}

function partOfDay(hour: number): string {
  if (hour < 12) return 'in the morning';
  return hour < 18 ? 'in the afternoon' : 'in the evening';
}

/** German and French use the 24-hour clock, which needs no part of the day. */
const DE: Language = {
  locale: 'de-DE',
  clock({ hour, minute }) {
    if (hour === 0 && minute === 0) return 'Mitternacht';
    return `${hour === 1 ? 'ein' : hour} Uhr${minute === 0 ? '' : ` ${minute}`}`;
  },
  yesterday: (clock) => `gestern um ${clock}`,
  date: ({ weekday, day, month }, clock) => `${weekday}, dem ${day}. ${month}, um ${clock}`,
};

const FR: Language = {
  locale: 'fr-FR',
  clock({ hour, minute }) {
    const hours =
      hour % 12 === 0 ? (hour === 0 ? 'minuit' : 'midi') : `${hour} ${hour === 1 ? 'heure' : 'heures'}`;
    return minute === 0 ? hours : `${hours} ${minute}`;
  },
  /** "depuis 2 heures 10" is a duration of two hours and ten minutes. Noon and midnight are unambiguous. */
  today: (clock, { hour }) => (/^\d/.test(clock) ? `${partieDuJour(hour)} à ${clock}` : clock),
  yesterday: (clock) => `hier à ${clock}`,
  date: ({ weekday, day, month }, clock) => `le ${weekday} ${day === 1 ? '1er' : day} ${month} à ${clock}`,
};

function partieDuJour(hour: number): string {
  if (hour < 5) return 'cette nuit';
  if (hour < 12) return 'ce matin';
  return hour < 18 ? 'cet après-midi' : 'ce soir';
}

const ES: Language = {
  locale: 'es-ES',
  clock({ hour, minute }) {
    const hours = hour % 12 === 0 ? 12 : hour % 12;
    const minutes = { 0: '', 15: ' y cuarto', 30: ' y media' }[minute] ?? ` y ${minute}`;
    return `${hours === 1 ? 'la' : 'las'} ${hours}${minutes} ${parteDelDia(hour)}`;
  },
  yesterday: (clock) => `ayer a ${clock}`,
  date: ({ weekday, day, month }, clock) => `el ${weekday} ${day} de ${month} a ${clock}`,
};

function parteDelDia(hour: number): string {
  if (hour === 12) return 'del mediodía';
  if (hour === 0 || hour >= 20) return 'de la noche';
  if (hour < 6) return 'de la madrugada';
  return hour < 12 ? 'de la mañana' : 'de la tarde';
}

/** One for each language of the flows, so that the compiler names the one that is missing. */
const LANGUAGES: Record<FlowLanguage, Language> = { en: EN, es: ES, de: DE, fr: FR };
const LANGUAGE_OF_CODE = new Map(Object.entries(LANGUAGES));
