import { once } from 'node:events';
import { allFiles } from '#dashboard';
import { composeDashboard, type DashboardOptions } from '../compose-dashboard.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export type RunDashboardOptions = DashboardOptions & { export?: string; address: string; port: number; hostName?: string[] };

/** Shows the history as pages: served to this machine until it is interrupted, or written into a folder. */
export async function runDashboard(options: RunDashboardOptions, terminal: Terminal): Promise<number> {
  const dashboard = await composeDashboard(options, terminal);
  try {
    if (options.export !== undefined) return await exportSite(options.export, dashboard, terminal);
    const { address, port, hostName: hosts = [] } = options;
    const { url } = await dashboard.serve({ address, port, hosts });
    terminal.out(`dashboard  ${url}\n           it only shows; Ctrl-C ends it\n`);
    await once(process, 'SIGINT');
    return exitCodes.pass;
  } finally {
    await dashboard.close();
  }
}

async function exportSite(
  folder: string,
  { site, write }: Awaited<ReturnType<typeof composeDashboard>>,
  terminal: Terminal,
): Promise<number> {
  let files = 0;
  for await (const { path, text } of allFiles(await site())) {
    await write(folder, path, text);
    files += 1;
  }
  terminal.out(`dashboard  ${files} files in ${folder}; begin at ${folder.replace(/\/$/, '')}/index.html\n`);
  return exitCodes.pass;
}
