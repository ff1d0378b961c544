/** Opens a data directory and says why that failed. */
import { openEmbedded } from '../../../server/db/embedded.ts';

const database = await openEmbedded(process.argv[2] ?? '').catch((error: Error) => {
  process.stdout.write(error.message);
  process.exit(1);
});
await database.close();
