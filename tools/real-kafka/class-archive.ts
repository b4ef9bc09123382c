import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './jars.ts';
import { classArchive } from './java.ts';
import { endNode, formatNode, launchNode, nodeIsReady } from './node.ts';
import { freePortBase } from './ports.ts';
import { type ClusterPlan, nodeFolder, serverProperties } from './properties.ts';

/** Has a broker start and end once on this machine, and leave its classes behind, so that all that come later start in half the time. */
export async function makeClassArchive(version: string): Promise<void> {
  const archive = classArchive(version);
  if (existsSync(archive)) return;
  const folder = await mkdtemp(join(cacheFolder, 'class-archive-'));
  const [nodes, secure] = [1, false];
  const portBase = await freePortBase(nodes, secure);
  const plan: ClusterPlan = { folder, version, clusterId: 'K'.repeat(22), nodes, secure, portBase, benchmark: false, properties: {} };
  try {
    await mkdir(nodeFolder(plan, 1), { recursive: true });
    await writeFile(join(nodeFolder(plan, 1), 'server.properties'), serverProperties(plan, 1));
    await formatNode(plan, 1);
    const written = join(folder, 'classes.jsa');
    await launchNode(plan, 1, [`-XX:ArchiveClassesAtExit=${written}`]);
    await nodeIsReady(plan, 1, 1);
    await endNode(plan, 1, 'SIGTERM');
    await rename(written, archive);
  } catch {
    await endNode(plan, 1, 'SIGKILL'); // then it takes longer each time, and that is all
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
