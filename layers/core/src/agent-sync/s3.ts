import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { clientSettings } from '#core/platform/client-settings.ts';

export interface S3Object {
  bucket: string;
  key: string;
  body: Buffer;
  contentType: string;
}

/** Stands alone, because whoever imports it loads the whole S3 client. */
export function createS3Put(): (object: S3Object) => Promise<void> {
  // The list of a large instance takes its time.
  const settings = clientSettings('S3', 60_000);
  // Emulators for S3 have no host name for each bucket.
  const client = new S3Client({ ...settings, forcePathStyle: 'endpoint' in settings });
  return async function putObject({ bucket, key, body, contentType }) {
    await client.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }),
    );
  };
}
