/** What a text that somebody sent back asks for: no more texts, texts again, or anything else. */
export type Wish = 'STOP' | 'START' | 'OTHER';

/**
 * The words that networks and laws name, and how people say the same elsewhere. A text counts only when it is nothing but
 * such a word or phrase, or its first line is. The first line here is what AWS End User Messaging names as required, the
 * second what the law of the United States adds (47 CFR 64.1200(a)(10)) and what Twilio takes.
 *
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required.html
 * @see https://www.twilio.com/docs/proxy/opt-out-keywords
 */
const STOP = [
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
 * Fewer: whoever is texted again by mistake is wronged more than whoever is not. So "yes" is none of them, which may be
 * the answer to another question.
 */
const START = [
  'start, unstop, un-stop, subscribe, resubscribe, opt-in, optin, resume',
  'iniciar, comenzar, alta, suscribir, reanudar, retomar, começar',
  'démarrer, début, commencer, reprendre, abonner, réabonner, inscrire, inscription',
  'starten, anmelden, fortsetzen, beginnen, aanmelden',
  'inizia, avvia, iscrivimi, zacznij, wznów, starta, aloita, začít, başlat, începe, mulai, bắt đầu',
  'старт, начать, έναρξη, ابدأ, התחל, 開始, 再開, 开始, 시작',
];

/** What may stand beside a word without changing what is asked for. */
const COURTESIES = words([
  'please, pls, plz, thanks, thank you, thx, now, por favor, gracias, bitte, danke, svp, merci, obrigado, obrigada, per favore, grazie, alstublieft, proszę, tack, takk, kiitos',
]);

/** Nobody writes a word of ours at such length, and what is longer costs no work. */
const LONGEST = 80;

const WISHES = new Map<string, Wish>([
  ...words(STOP).map((word): [string, Wish] => [word, 'STOP']),
  ...words(START).map((word): [string, Wish] => [word, 'START']),
]);

/**
 * What a text asks for. Case, accents, punctuation, blanks, repetition and a "please" do not matter; "stop by
 * tomorrow" asks for nothing. Below a STOP anything may stand, as telephones add "Sent from …" by themselves.
 */
export function wishOf(text: string): Wish {
  const whole = wishOfWords(text);
  if (whole !== 'OTHER') return whole;
  const [first = ''] = text.trimStart().split(/[\r\n]/, 1);
  return wishOfWords(first) === 'STOP' ? 'STOP' : 'OTHER';
}

function wishOfWords(text: string): Wish {
  if (text.length > LONGEST) return 'OTHER';
  const plain = simplified(text);
  const ways = [plain, withoutCourtesies(plain), onceOnly(plain), joined(plain)];
  return ways.map((way) => WISHES.get(way)).find((wish) => wish !== undefined) ?? 'OTHER';
}

/** "s t o p" is "stop". */
function joined(plain: string): string {
  const letters = plain.split(' ');
  return letters.every((letter) => [...letter].length === 1) ? letters.join('') : plain;
}

function withoutCourtesies(plain: string): string {
  let padded = ` ${plain} `;
  for (const courtesy of COURTESIES) padded = padded.replace(` ${courtesy} `, ' ');
  return padded.trim();
}

/** "stop stop stop" is "stop". */
function onceOnly(plain: string): string {
  const [first = '', ...others] = plain.split(' ');
  return others.every((word) => word === first) ? first : plain;
}

/** Lower case without marks; whatever is neither letter nor digit parts words. */
function simplified(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}'’]/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function words(lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(',').map(simplified));
}
