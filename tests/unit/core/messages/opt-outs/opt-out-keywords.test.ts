import { intentOf } from '#core/messages/opt-outs/index.ts';

test.each([
  'STOP',
  'stop',
  ' Stop. ',
  '"STOP!!"',
  'STOPALL',
  'Stop all',
  'opt out',
  'stop please',
  'Please, stop!',
  'stop stop stop',
  'Stop\u200b\n',
  'ＳＴＯＰ',
  'ALTO',
  'parar',
  'no más',
  'Arrêt',
  'ARRETER',
  'se désabonner'.slice(3),
  'STOPP',
  'abmelden',
  'Keine SMS mehr!',
  'aufhoren',
  'aufhören',
  'sair',
  'annulla',
  'afmelden',
  'rezygnuję',
  'iptal',
  'İPTAL',
  'СТОП',
  'ΔΙΑΓΡΑΦΗ',
  '配信停止',
  '수신거부',
  'STOP\n-- \nSent from my phone',
  'stop.\r\nSent from my iPhone',
  '\nstop\n\nvon unterwegs gesendet',
  `Stop!\n${'Jane Doe, Example Ltd. '.repeat(20)}`,
  'S T O P',
  's.t.o.p.',
  'ARRETE',
  'revoke',
  'stoppa',
  'avmeld',
  'keluar',
  'hủy',
  'หยุด',
  'बंद करें',
  '停',
])('%j is STOP', (text) => {
  expect(intentOf(text)).toBe('STOP');
});

test.each([
  'START',
  'Unstop',
  'start, please',
  'opt-in',
  'Alta',
  'Démarrer',
  'anmelden',
  'inscrire',
  'СТАРТ',
])('%j is START', (text) => {
  expect(intentOf(text)).toBe('START');
});

test.each([
  '',
  '   ',
  '?!',
  'stop by tomorrow',
  'Can you stop by at 5?',
  'The bus stop',
  "don't stop",
  'when does it end',
  'cancel my appointment',
  'Please',
  'yes',
  'no',
  'fine',
  'HELP',
  'startup',
  'stop start',
  'stop by tomorrow\nand bring the key',
  'Hello\nSTOP',
  'START\nSent from my phone',
  'a b',
  'unstoppable',
  '\ud800',
  `stop${' stop'.repeat(400)}`,
])('%j is OTHER', (text) => {
  expect(intentOf(text)).toBe('OTHER');
});

test('every keyword that AWS End User Messaging requires is recognized', () => {
  // https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required.html
  const required = 'ARRET CANCEL END OPT-OUT OPTOUT QUIT REMOVE STOP TD UNSUBSCRIBE'.split(' ');
  expect(required.filter((word) => intentOf(word) !== 'STOP')).toEqual([]);
});
