import { createHmac } from 'node:crypto';
import { type JsonObject, textAt } from '#tools/json.ts';

/** The key is public. Its MACs protect nothing. */
const DEVELOPMENT_KEY = Buffer.from(
  'Switchboard on one machine: this key is public and protects nothing.'.slice(0, 64),
);

export interface KmsAnswer {
  status: number;
  body: JsonObject;
}

/** Emulates `GenerateMac` of KMS (JSON 1.1) with one fixed key for all key IDs. */
export function generateMac(request: JsonObject): KmsAnswer {
  const algorithm = textAt(request, 'MacAlgorithm');
  const message = textAt(request, 'Message');
  const keyId = textAt(request, 'KeyId');
  if (!keyId || message === undefined || message === '') {
    return fault('ValidationException', 'KeyId and Message are required.');
  }
  if (algorithm !== 'HMAC_SHA_512') {
    return fault(
      'InvalidKeyUsageException',
      'The local key is an HMAC_512 key. Set MacAlgorithm to HMAC_SHA_512.',
    );
  }
  const mac = createHmac('sha512', DEVELOPMENT_KEY).update(Buffer.from(message, 'base64')).digest('base64');
  return { status: 200, body: { KeyId: keyId, Mac: mac, MacAlgorithm: algorithm } };
}

export function unknownKmsOperation(target: string): KmsAnswer {
  return fault('UnknownOperationException', `The emulator supports only GenerateMac, not ${target}.`);
}

function fault(type: string, message: string): KmsAnswer {
  return { status: 400, body: { __type: type, message } };
}
