import { createSpokenTime } from '#core/presence/spoken-time.ts';

const berlin = createSpokenTime('Europe/Berlin');
/** Half past four in the afternoon in Berlin. */
const NOW = new Date('2026-11-20T15:30:00Z');
const at = (time: string, language?: string, now = NOW) =>
  berlin(new Date(`2026-11-20T${time}:00+01:00`), now, language);

test.each([
  ['14:10', 'ten past two'],
  ['14:00', "two o'clock"],
  ['14:01', 'one minute past two'],
  ['14:07', 'seven minutes past two'],
  ['14:15', 'quarter past two'],
  ['14:25', 'twenty-five past two'],
  ['14:29', 'twenty-nine minutes past two'],
  ['14:30', 'half past two'],
  ['14:31', 'twenty-nine minutes to three'],
  ['14:45', 'quarter to three'],
  ['11:50', 'ten to noon'],
  ['12:00', 'noon'],
  ['12:05', 'five past noon'],
  ['12:40', 'twenty to one'],
  ['04:10', 'ten past four in the morning'],
  ['00:00', 'midnight'],
  ['00:20', 'twenty past midnight'],
])('English says %s as people do: %s', (time, text) => {
  expect(at(time, 'en-US')).toBe(text);
});

test.each([
  ['de', '14:10', '14 Uhr 10'],
  ['de', '01:00', 'ein Uhr'],
  ['de', '01:05', 'ein Uhr 5'],
  ['de', '00:00', 'Mitternacht'],
  ['de', '00:10', '0 Uhr 10'],
  ['fr', '14:10', 'cet après-midi à 14 heures 10'],
  ['fr', '02:10', 'cette nuit à 2 heures 10'],
  ['fr', '14:00', 'cet après-midi à 14 heures'],
  ['fr', '01:00', 'cette nuit à 1 heure'],
  ['fr', '08:30', 'ce matin à 8 heures 30'],
  ['fr', '21:00', 'ce soir à 21 heures'],
  ['fr', '12:00', 'midi'],
  ['fr', '12:10', 'midi 10'],
  ['fr', '00:10', 'minuit 10'],
  ['es', '14:10', 'las 2 y 10 de la tarde'],
  ['es', '13:00', 'la 1 de la tarde'],
  ['es', '09:15', 'las 9 y cuarto de la mañana'],
  ['es', '12:30', 'las 12 y media del mediodía'],
  ['es', '03:05', 'las 3 y 5 de la madrugada'],
  ['es', '00:00', 'las 12 de la noche'],
])('%s says %s as people do: %s', (language, time, text) => {
  expect(at(time, language)).toBe(text);
});

test.each([
  ['en-GB', 'yesterday at ten past two in the afternoon'],
  ['de-AT', 'gestern um 14 Uhr 10'],
  ['fr-CA', 'hier à 14 heures 10'],
  ['es-MX', 'ayer a las 2 y 10 de la tarde'],
])('says yesterday in %s', (language, text) => {
  expect(at('14:10', language, new Date('2026-11-21T08:00:00Z'))).toBe(text);
});

test.each([
  ['en', 'Friday, November 20, at ten past two in the afternoon'],
  ['de', 'Freitag, dem 20. November, um 14 Uhr 10'],
  ['fr', 'le vendredi 20 novembre à 14 heures 10'],
  ['es', 'el viernes 20 de noviembre a las 2 y 10 de la tarde'],
])('says the date of an earlier day in %s', (language, text) => {
  expect(at('14:10', language, new Date('2026-11-22T08:00:00Z'))).toBe(text);
});

/** A duration in the four languages, such as "2 hours". */
const DURATION = /^(\S+ )?(hours?|horas?|Stunden?|heures?)\b/;

test.each(['en', 'de', 'fr', 'es'])('no time of day sounds like a duration in %s', (language) => {
  for (let hour = 0; hour < 24; hour += 1) {
    for (const minute of ['00', '01', '10', '30']) {
      expect(at(`${String(hour).padStart(2, '0')}:${minute}`, language)).not.toMatch(DURATION);
    }
  }
});

test.each([[undefined], [''], ['it-IT'], ['x'], ['est-EE'], ['constructor']])(
  'speaks English for %p',
  (language) => {
    expect(at('14:10', language)).toBe('ten past two');
  },
);

test('the day ends at midnight in the time zone, also in summer time', () => {
  const now = new Date('2026-07-01T22:30:00Z');

  expect(berlin(new Date('2026-07-01T21:50:00Z'), now, 'en')).toBe('yesterday at ten to midnight');
  expect(berlin(new Date('2026-07-01T22:10:00Z'), now, 'en')).toBe('ten past midnight');
});

test('yesterday is correct across the end of summer time', () => {
  expect(berlin(new Date('2026-10-24T22:30:00Z'), new Date('2026-10-25T22:30:00Z'), 'de')).toBe('0 Uhr 30');
  expect(berlin(new Date('2026-10-24T21:30:00Z'), new Date('2026-10-25T22:30:00Z'), 'de')).toBe(
    'gestern um 23 Uhr 30',
  );
});
