import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a page did while it was open: all that it asked for, and all that the console complained of. */
export type PageVisit = {
  requests: readonly string[];
  complaints: readonly string[];
  height: number;
  width: number;
  /** Tags of what is wider inside than outside, so that a part of it is cut off or has to be scrolled to. */
  cutOff: readonly string[];
  /** All of the page's body as PNG, base64. */
  picture: string;
};

const QUIET = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-port=0',
];

/** The path of a Chromium on this machine, or null. */
export function findChromium(): string | null {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch {
      continue;
    }
  }
  return null;
}

/** Opens a page `width` pixels wide and watches it over the DevTools protocol until it has loaded and rested. */
export async function visitPage(chromium: string, url: string, width: number): Promise<PageVisit> {
  const profile = mkdtempSync(join(tmpdir(), 'fieldproof-browser-'));
  const browser = spawn(chromium, [...QUIET, `--user-data-dir=${profile}`, `--window-size=${width},900`, 'about:blank'], {
    stdio: 'ignore',
  });
  const exited = new Promise((done) => browser.once('exit', done));
  try {
    return await watchPage(await debuggerOf(profile), url, width);
  } finally {
    browser.kill('SIGKILL');
    await exited;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function debuggerOf(profile: string): Promise<string> {
  const file = join(profile, 'DevToolsActivePort');
  for (let attempt = 0; attempt < 200; attempt++) {
    const [port] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    if (port !== undefined && port !== '') {
      const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
        type: string;
        webSocketDebuggerUrl: string;
      }[];
      const page = targets.find(({ type }) => type === 'page');
      if (page !== undefined) return page.webSocketDebuggerUrl;
    }
    await sleep(100);
  }
  throw new Error('Chromium did not open its debugging port within 20 seconds');
}

type Message = {
  id?: number;
  method?: string;
  params?: { request?: { url: string }; type?: string; entry?: { text: string }; args?: { value?: unknown }[] };
  result?: { result?: { value?: unknown }; data?: string };
};

async function watchPage(address: string, url: string, width: number): Promise<PageVisit> {
  const socket = new WebSocket(address);
  const seen: Message[] = [];
  const answers = new Map<number, (message: Message) => void>();
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    seen.push(message);
    if (message.id !== undefined) answers.get(message.id)?.(message);
  });
  await new Promise((open, fail) => {
    socket.addEventListener('open', open);
    socket.addEventListener('error', fail);
  });
  let next = 0;
  const ask = (method: string, params: object = {}) =>
    new Promise<Message>((answer) => {
      answers.set(++next, answer);
      socket.send(JSON.stringify({ id: next, method, params }));
    });
  for (const domain of ['Network', 'Log', 'Runtime', 'Page']) await ask(`${domain}.enable`);
  await ask('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: width < 600 });
  await ask('Page.navigate', { url });
  while (!seen.some(({ method }) => method === 'Page.loadEventFired')) await sleep(20);
  await sleep(300);
  const size = await ask('Runtime.evaluate', {
    expression: '[document.documentElement.scrollWidth, document.documentElement.scrollHeight]',
    returnByValue: true,
  });
  const [reach = 0, height = 0] = (size.result?.result?.value ?? []) as number[];
  const cut = await ask('Runtime.evaluate', { expression: CUT_OFF, returnByValue: true });
  const cutOff = (cut.result?.result?.value ?? []) as string[];
  const inside = await ask('Runtime.evaluate', { expression: 'Math.ceil(document.body.getBoundingClientRect().height)' });
  const clip = { x: 0, y: 0, width, height: Number(inside.result?.result?.value ?? height), scale: 1 };
  const shot = await ask('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true, clip });
  socket.close();
  return {
    requests: requestsIn(seen),
    complaints: complaintsIn(seen),
    width: reach,
    height,
    cutOff,
    picture: shot.result?.data ?? '',
  };
}

const CUT_OFF = `[...document.body.querySelectorAll('*')]
  .filter((each) => each.clientWidth > 0 && each.scrollWidth > each.clientWidth)
  .map(({ tagName }) => tagName.toLowerCase())`;

function requestsIn(seen: readonly Message[]): string[] {
  return seen.flatMap(({ method, params }) => (method === 'Network.requestWillBeSent' ? [params?.request?.url ?? ''] : []));
}

function complaintsIn(seen: readonly Message[]): string[] {
  return seen.flatMap(({ method, params }) => {
    if (method === 'Log.entryAdded') return [params?.entry?.text ?? ''];
    if (method === 'Runtime.consoleAPICalled' || method === 'Runtime.exceptionThrown') return [JSON.stringify(params)];
    return [];
  });
}
