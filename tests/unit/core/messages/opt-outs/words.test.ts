import { wishOf } from '../../../../../layers/core/src/messages/opt-outs/index.ts';

test.each([
  'STOP',
  'stop',
  ' Stop. ',
  '"STOP!!"',
  'STOPALL',
  'Stop all',
  'unsubscribe',
  'CANCEL',
  'END',
  'quit',
  'OPT-OUT',
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
])('%j asks for no more texts', (text) => {
  expect(wishOf(text)).toBe('STOP');
});

test.each(['START', 'Unstop', 'start, please', 'opt-in', 'Alta', 'Démarrer', 'anmelden', 'СТАРТ'])(
  '%j asks for texts again',
  (text) => {
    expect(wishOf(text)).toBe('START');
  },
);

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
  'unstoppable',
  '\ud800',
  `stop${' stop'.repeat(400)}`,
])('%j asks for neither', (text) => {
  expect(wishOf(text)).toBe('OTHER');
});
