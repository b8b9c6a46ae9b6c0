/** What a text that somebody sent back asks for: no more texts, texts again, or anything else. */
export type Wish = 'STOP' | 'START' | 'OTHER';

/**
 * The words that networks and laws name (the first line is what AWS and the carriers of the United States and Canada
 * require), and how people say the same elsewhere. A text counts only when it is nothing but such a word or phrase.
 */
const STOP = [
  'stop, stopall, stop all, unsubscribe, cancel, end, quit, arret, remove, opt-out, optout, td, revoke',
  'unsub, stop it, stop sms, stop texts, stop texting, stop texting me, stop messages, stop messaging, remove me, opt me out, unsubscribe me',
  'alto, parar, pare, para, baja, darse de baja, cancelar, detener, fin, basta, no mas, no mas mensajes, eliminar',
  'arrêt, arrêter, arrêtez, annuler, désabonner, désabonnement, désinscrire, désinscription, stop pub',
  'stopp, stoppen, abmelden, abbestellen, austragen, abbrechen, beenden, ende, halt, aufhören, kündigen, keine sms, keine sms mehr',
  'sair, remover, descadastrar, desinscrever, cancela',
  'ferma, fermare, annulla, cancella, cancellami, disiscrivi, disiscrivimi, basta messaggi, stop messaggi',
  'afmelden, uitschrijven, opzeggen, einde, annuleren',
  'koniec, rezygnuję, wypisz, anuluj, usuń, zatrzymaj',
  'sluta, avsluta, avregistrera, avslutt, meld av, afmeld, framelding, lopeta, peruuta',
  'konec, zrušit, zrušiť, odhlásit, odhlásiť, leállítás, leiratkozás, oprire, renunț, dezabonare, dur, durdur, iptal, ret',
  'стоп, отписаться, отмена, відписатися, στοπ, διακοπή, διαγραφή',
  'توقف, إيقاف, الغاء, إلغاء, עצור, הסר, הפסק',
  '停止, 配信停止, ストップ, 退订, 退訂, 取消, 중지, 수신거부, 수신 거부, 정지',
];

/** Fewer: whoever is texted again by mistake is wronged more than whoever is not. */
const START = [
  'start, unstop, un-stop, subscribe, resubscribe, opt-in, optin, resume',
  'iniciar, comenzar, alta, suscribir, reanudar, retomar, começar',
  'démarrer, début, commencer, reprendre, abonner, réabonner',
  'starten, anmelden, fortsetzen, beginnen, aanmelden',
  'inizia, avvia, iscrivimi, zacznij, wznów, starta, aloita, začít, başlat, începe',
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
 * tomorrow" asks for nothing.
 */
export function wishOf(text: string): Wish {
  if (text.length > LONGEST) return 'OTHER';
  const plain = simplified(text);
  const found = WISHES.get(plain) ?? WISHES.get(withoutCourtesies(plain)) ?? WISHES.get(onceOnly(plain));
  return found ?? 'OTHER';
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
