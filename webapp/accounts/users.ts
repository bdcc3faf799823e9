import { Router } from 'express';
import { z } from 'zod';

import { InvalidInputError } from '../../common/errors.ts';
import { disableAccount } from '../../common/store/accounts/end-account.ts';
import {
  ROLES,
  selectUser,
  selectUsers,
  updateDisabled,
  updateRole,
} from '../../common/store/accounts/users.ts';
import { parseInput } from '../parse-input.ts';
import type { Services } from '../services.ts';
import { requireStaff } from './account.ts';

const PAGE_SIZE = 50;

const ListQuery = z.object({
  find: z.string().max(200).default(''),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
});
const UserPath = z.object({ userId: z.coerce.number().int() });
const ChangeForm = z.object({
  change: z.enum(['role', 'disable', 'enable']),
  role: z.enum(ROLES).optional(),
});

/** Accounts, for staff: who there is, what they may do, and whether they may at all. */
export function userRoutes(services: Services): Router {
  const { db, now } = services.context;
  const router = Router();

  router.get('/users/', async (req, res) => {
    requireStaff(res);
    const { find, page } = parseInput(ListQuery, req.query);
    const found = await selectUsers(db, {
      find: find.trim(),
      limit: PAGE_SIZE + 1,
      offset: (page - 1) * PAGE_SIZE,
    });
    const pageUrl = (other: number) =>
      `/users/?${new URLSearchParams({ find, page: String(other) }).toString()}`;
    res.render('users', {
      title: 'Users',
      isUsers: true,
      now: now(),
      find,
      users: found.slice(0, PAGE_SIZE).map((user) => ({
        ...user,
        fullName: `${user.firstName} ${user.lastName}`.trim(),
        isOneself: user.userId === requireStaff(res).userId,
        roles: ROLES.map((role) => ({ role, isTheirs: role === user.role })),
      })),
      isEmpty: found.length === 0,
      previous: page > 1 ? pageUrl(page - 1) : undefined,
      next: found.length > PAGE_SIZE ? pageUrl(page + 1) : undefined,
      problem: req.query.done === 'oneself' ? 'Nobody changes their own account here.' : undefined,
    });
  });

  router.post('/users/:userId/', async (req, res) => {
    const { userId: ownId } = requireStaff(res);
    const { userId } = parseInput(UserPath, req.params);
    const { change, role } = parseInput(ChangeForm, req.body);
    const user = await selectUser(db, userId);
    // So that there is always staff left, and nobody locks themselves out by a slip.
    if (userId === ownId) {
      res.redirect(303, '/users/?done=oneself');
      return;
    }
    switch (change) {
      case 'role':
        if (role === undefined) throw new InvalidInputError('Choose a role.');
        await updateRole(db, userId, role);
        break;
      case 'disable':
        await disableAccount(db, userId, now());
        break;
      case 'enable':
        await updateDisabled(db, userId, null);
    }
    res.redirect(303, `/users/?find=${encodeURIComponent(user.name)}`);
  });
  return router;
}
