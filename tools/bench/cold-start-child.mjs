// Loads one built function and answers one event, as the Lambda runtime does; `--bytes` counts what was loaded.
import { statSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const [file, event, mode] = process.argv.slice(2);
let bytes = 0;
if (mode === '--bytes') {
  registerHooks({
    load(url, context, next) {
      if (url.startsWith('file:')) bytes += statSync(fileURLToPath(url)).size;
      return next(url, context);
    },
  });
}

const { handler } = await import(file);
const answer = await handler(JSON.parse(event), { awsRequestId: 'bench' });
process.send({ answer, bytes });
