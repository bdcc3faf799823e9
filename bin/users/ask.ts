import { createInterface } from 'node:readline/promises';

const END_OF_TEXT = '\u0003';
const BACKSPACES = ['\b', '\u007f'];

/** Asks a question at the terminal; what is typed shows. */
export async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

/** Asks at the terminal for what nobody should see. Ctrl-C ends the program, as everywhere. */
export function askHidden(question: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdin.resume();
  let typed = '';
  return new Promise((resolve) => {
    const finish = () => {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
    };
    const take = (chunk: string) => {
      for (const sign of chunk) {
        if (sign === END_OF_TEXT) {
          finish();
          process.kill(process.pid, 'SIGINT');
          return;
        }
        if (sign === '\r' || sign === '\n') {
          finish();
          resolve(typed);
          return;
        }
        typed = BACKSPACES.includes(sign) ? [...typed].slice(0, -1).join('') : typed + sign;
      }
    };
    stdin.on('data', take);
  });
}
