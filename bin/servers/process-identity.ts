import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * Tells a process from a later one that was given the same number: when it was started, in clock
 * ticks since the machine's start, and which start that was.
 *
 * @returns undefined if no such process runs (a zombie does not).
 */
export function processIdentity(pid: number): string | undefined {
  return existsSync('/proc/self/stat') ? identityFromProc(pid) : identityFromPs(pid);
}

/** Whether it is still the process whose identity was noted. */
export function isSameProcess(process: { pid: number; identity: string }): boolean {
  return processIdentity(process.pid) === process.identity;
}

function identityFromProc(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    // No such file: no such process.
    return undefined;
  }
  // The name in brackets may hold anything; the fields after it begin with the state, the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const startTicks = fields[19];
  if (state === 'Z' || state === 'X') return undefined;
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}/${startTicks}`;
}

function identityFromPs(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return line.trim() || undefined;
  } catch {
    // ps fails when there is no such process.
    return undefined;
  }
}
