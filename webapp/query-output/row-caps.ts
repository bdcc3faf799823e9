import type { Role } from '../../common/store/accounts/users.ts';
import type { Account } from '../accounts/account.ts';

/** Rows that one query may give, by whoever asks: as Lasair's. */
export const ROW_CAPS: Record<Role | 'visitor', number> = {
  visitor: 1_000,
  user: 10_000,
  power: 1_000_000,
  staff: 1_000_000,
};

export function rowCapOf(account: Account | undefined): number {
  return ROW_CAPS[account?.role ?? 'visitor'];
}
