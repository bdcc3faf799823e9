import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';

import type { ThreadTask } from '../../../webapp/uploads/read-in-thread.ts';

/** Keeps a file, says where its folder is, and never ends. */
const { input: note, folder } = workerData as ThreadTask<string>;
writeFileSync(join(folder, 'table'), 'x'.repeat(1_000));
writeFileSync(`${note}.part`, folder);
renameSync(`${note}.part`, note);
for (;;);
