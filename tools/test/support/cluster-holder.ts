// node cluster-holder.ts <cluster>: keeps a server of that name running until killed.
import { openEmbeddedPostgres, testCluster } from '../../postgres/embedded-postgres.ts';

const { url } = await openEmbeddedPostgres({ ...testCluster, name: process.argv[2] ?? '' });
console.log(`open ${url}`);
setInterval(() => undefined, 1000);
