/** The intent of a text that a person sent back: opt out, opt in, or anything else. */
export type Intent = 'STOP' | 'START' | 'OTHER';

/**
 * The keywords that networks and laws require, and their translations. A text counts only when it consists of one keyword
 * or phrase, or when its first line does. The first row has the keywords that AWS End User Messaging requires. The second
 * row has those that United States law adds (47 CFR 64.1200(a)(10)) and those that Twilio accepts.
 *
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required.html
 * @see https://www.twilio.com/docs/proxy/opt-out-keywords
 */
const STOP_KEYWORDS = [
  'arret, cancel, end, opt-out, optout, quit, remove, stop, td, unsubscribe',
  'revoke, opt out, stopall, arrett, arrete, stop all',
  'unsub, stop it, stop sms, stop texts, stop texting, stop texting me, stop messages, stop messaging, remove me, opt me out, unsubscribe me',
  'alto, parar, pare, para, baja, darse de baja, cancelar, detener, fin, basta, no mas, no mas mensajes, eliminar',
  'arrêt, arrêter, arrêtez, annuler, désabonner, désabonnement, désinscrire, désinscription, stop pub',
  'stopp, stoppen, abmelden, abbestellen, austragen, abbrechen, beenden, ende, halt, aufhören, kündigen, keine sms, keine sms mehr',
  'sair, remover, descadastrar, desinscrever, cancela',
  'ferma, fermare, annulla, cancella, cancellami, disiscrivi, disiscrivimi, basta messaggi, stop messaggi',
  'afmelden, uitschrijven, opzeggen, einde, annuleren',
  'koniec, rezygnuję, wypisz, anuluj, usuń, zatrzymaj',
  'stoppa, sluta, avsluta, avbryt, avregistrera, avslutt, avmeld, meld av, stans, afmeld, afslut, frameld, framelding, lopeta, peruuta, peru',
  'konec, zrušit, zrušiť, odhlásit, odhlásiť, leállítás, leiratkozás, oprire, renunț, dezabonare, dur, durdur, iptal, ret',
  'стоп, отписаться, отписка, отмена, відписатися, зупинити, спри, отказ, одјава, odjava, prekini, στοπ, διακοπή, διαγραφή',
  'keluar, berhenti, batal, henti, dừng, ngừng, hủy, หยุด, ยกเลิก, रोकें, रोको, बंद करें',
  'توقف, قف, إيقاف, أوقف, الغاء, إلغاء, עצור, הסר, הסירו, הפסק',
  '停, 停止, 解除, 配信停止, 配信解除, ストップ, 退订, 退訂, 取消, 取消订阅, 중지, 수신거부, 수신 거부, 정지',
];

/**
 * The list is shorter, because a wrong opt-in does more harm than a missed one. "Yes" is not in it, because it may be the
 * answer to another question.
 */
const START_KEYWORDS = [
  'start, unstop, un-stop, subscribe, resubscribe, opt-in, optin, resume',
  'iniciar, comenzar, alta, suscribir, reanudar, retomar, começar',
  'démarrer, début, commencer, reprendre, abonner, réabonner, inscrire, inscription',
  'starten, anmelden, fortsetzen, beginnen, aanmelden',
  'inizia, avvia, iscrivimi, zacznij, wznów, starta, aloita, začít, başlat, începe, mulai, bắt đầu',
  'старт, начать, έναρξη, ابدأ, התחל, 開始, 再開, 开始, 시작',
];

/** Phrases beside a keyword that do not change the intent. */
const COURTESY_PHRASES = parseKeywords([
  'please, pls, plz, thanks, thank you, thx, now, por favor, gracias, bitte, danke, svp, merci, obrigado, obrigada, per favore, grazie, alstublieft, proszę, tack, takk, kiitos',
]);

/** No keyword is this long. A longer text is not analyzed. */
const MAX_KEYWORD_LENGTH = 80;

const INTENTS = new Map<string, Intent>([
  ...parseKeywords(STOP_KEYWORDS).map((word): [string, Intent] => [word, 'STOP']),
  ...parseKeywords(START_KEYWORDS).map((word): [string, Intent] => [word, 'START']),
]);

/**
 * Determines the intent of a text. Case, accents, punctuation, spaces, repetition, and a "please" do not matter. "Stop by
 * tomorrow" is OTHER. Any lines may follow a STOP, because phones add lines such as "Sent from …".
 */
export function intentOf(text: string): Intent {
  const whole = intentOfPhrase(text);
  if (whole !== 'OTHER') return whole;
  const [first = ''] = text.trimStart().split(/[\r\n]/, 1);
  return intentOfPhrase(first) === 'STOP' ? 'STOP' : 'OTHER';
}

function intentOfPhrase(text: string): Intent {
  if (text.length > MAX_KEYWORD_LENGTH) return 'OTHER';
  const normalized = normalizeKeyword(text);
  const variants = [
    normalized,
    withoutCourtesies(normalized),
    withoutRepetition(normalized),
    joinLetters(normalized),
  ];
  return variants.map((variant) => INTENTS.get(variant)).find((intent) => intent !== undefined) ?? 'OTHER';
}

/** "s t o p" is "stop". */
function joinLetters(plain: string): string {
  const letters = plain.split(' ');
  return letters.every((letter) => [...letter].length === 1) ? letters.join('') : plain;
}

function withoutCourtesies(plain: string): string {
  let padded = ` ${plain} `;
  for (const courtesy of COURTESY_PHRASES) padded = padded.replace(` ${courtesy} `, ' ');
  return padded.trim();
}

/** "stop stop stop" is "stop". */
function withoutRepetition(plain: string): string {
  const [first = '', ...others] = plain.split(' ');
  return others.every((word) => word === first) ? first : plain;
}

/** Lower case without marks. Everything except letters and digits separates words. */
function normalizeKeyword(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}'’]/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function parseKeywords(lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(',').map(normalizeKeyword));
}
